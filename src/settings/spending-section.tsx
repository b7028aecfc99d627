import { useEffect, useId, useState } from 'react';
import { toUsd } from '../../amplify/core/price.ts';
import type { Settings } from '../../amplify/core/settings.ts';
import { monthOf } from '../../amplify/core/usage.ts';
import { formatMicros } from '../../amplify/core/usage-text.ts';
import type { UsageReport } from '../api/api.ts';
import { usePreferences } from '../i18n/preferences.tsx';
import { useWorkspace } from '../shell/workspace-context.tsx';
import { SettingsForm } from './settings-form.tsx';
import { SettingsUnread } from './settings-unread.tsx';
import { capFault, centsOf, usdText } from './spending-draft.ts';
import { useSavedSettings } from './use-saved-settings.ts';

/** How much the agent may cost, and the switch that stops it. */
export function SpendingSection() {
  const saving = useSavedSettings();
  if (saving.saved === null) return null;
  if (saving.saved === 'failed') return <SettingsUnread onRead={saving.read} />;
  return <SpendingForm {...saving} settings={saving.saved.settings} />;
}

interface SpendingFormProps {
  settings: Settings;
  isSaving: boolean;
  problem: string | null;
  save(next: Settings): Promise<boolean>;
}

function SpendingForm({ settings, isSaving, problem, save }: SpendingFormProps) {
  const { t: texts, language } = usePreferences();
  const t = texts.settings.spending;
  const { api } = useWorkspace();
  const id = useId();
  const [report, setReport] = useState<UsageReport | null>(null);
  useEffect(() => {
    api.getUsage(monthOf(Date.now())).then(setReport, () => {});
  }, [api]);
  const saved = {
    day: usdText(settings.dayCapCents),
    month: usdText(settings.monthCapCents),
    stopped: settings.spendingStopped ?? false,
  };
  const [edited, setEdited] = useState<Partial<typeof saved>>({});
  const draft = { ...saved, ...edited };
  const deployment = report?.deployment;
  const limits = { day: deployment?.dayMicros, month: deployment?.monthMicros };
  const fault = (name: 'day' | 'month') => capFault(draft[name], limits[name]);
  const changed = (['day', 'month', 'stopped'] as const).some((name) => draft[name] !== saved[name]);

  const onSave = async () => {
    if (fault('day') || fault('month')) return;
    const next = {
      ...settings,
      dayCapCents: centsOf(draft.day),
      monthCapCents: centsOf(draft.month),
      spendingStopped: draft.stopped || null,
    };
    if (await save(next)) setEdited({});
  };

  const cap = (name: 'day' | 'month') => {
    const wrong = fault(name);
    const limit = limits[name];
    return (
      <div className="field">
        <label className="field-label" htmlFor={`${id}-${name}`}>
          {t[name]}
        </label>
        <input
          id={`${id}-${name}`}
          inputMode="decimal"
          value={draft[name]}
          placeholder={limit === undefined ? '' : toUsd(limit).toFixed(2)}
          autoComplete="off"
          aria-invalid={wrong !== null || undefined}
          aria-describedby={`${id}-${name}-hint`}
          onChange={(event) => setEdited((before) => ({ ...before, [name]: event.target.value }))}
        />
        <p className={wrong ? 'field-fault' : 'field-hint'} id={`${id}-${name}-hint`}>
          {wrong === 'number' && t.notANumber}
          {wrong === 'above' && t.above(formatMicros(language, limit ?? 0))}
          {!wrong && limit !== undefined && t.atMost(formatMicros(language, limit))}
          {!wrong && name === 'day' && ` ${t.days}`}
        </p>
      </div>
    );
  };

  return (
    <SettingsForm
      changed={changed}
      isSaving={isSaving}
      problem={problem}
      onSave={() => void onSave()}
      appliesNow
    >
      {cap('day')}
      {cap('month')}
      <div className="field">
        <label className="field-label field-check">
          <input
            type="checkbox"
            checked={draft.stopped}
            aria-describedby={`${id}-stopped-hint`}
            onChange={(event) => setEdited((before) => ({ ...before, stopped: event.target.checked }))}
          />
          {t.stop}
        </label>
        <p className="field-hint" id={`${id}-stopped-hint`}>
          {deployment?.stopped ? t.stoppedByDeployment : t.stopHint}
        </p>
      </div>
    </SettingsForm>
  );
}
