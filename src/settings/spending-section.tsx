import { useEffect, useId, useState } from 'react';
import type { Settings } from '../../amplify/core/settings.ts';
import { monthOf } from '../../amplify/core/usage.ts';
import type { UsageReport } from '../api/api.ts';
import { usePreferences } from '../i18n/preferences.tsx';
import { useWorkspace } from '../shell/workspace-context.tsx';
import { CapField } from './cap-field.tsx';
import { DeploymentSpending } from './deployment-spending.tsx';
import { SettingsForm } from './settings-form.tsx';
import { SettingsUnread } from './settings-unread.tsx';
import { capFault, centsOf, usdText } from './spending-draft.ts';
import { useSavedSettings } from './use-saved-settings.ts';

/** How much the agent may cost, and the switch that stops it. */
export function SpendingSection() {
  const saving = useSavedSettings();
  const { api } = useWorkspace();
  const [report, setReport] = useState<UsageReport | null>(null);
  useEffect(() => {
    api.getUsage(monthOf(Date.now())).then(setReport, () => {});
  }, [api]);
  if (saving.saved === null) return null;
  if (saving.saved === 'failed') return <SettingsUnread onRead={saving.read} />;
  return (
    <>
      <SpendingForm {...saving} settings={saving.saved.settings} report={report} />
      {report?.isAdmin && <DeploymentSpending />}
    </>
  );
}

interface SpendingFormProps {
  settings: Settings;
  report: UsageReport | null;
  isSaving: boolean;
  problem: string | null;
  save(next: Settings): Promise<boolean>;
}

function SpendingForm({ settings, report, isSaving, problem, save }: SpendingFormProps) {
  const { t: texts } = usePreferences();
  const t = texts.settings.spending;
  const id = useId();
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

  return (
    <SettingsForm
      changed={changed}
      isSaving={isSaving}
      problem={problem}
      onSave={() => void onSave()}
      appliesNow
    >
      <CapField
        label={t.day}
        value={draft.day}
        limit={limits.day}
        note={t.days}
        onChange={(day) => setEdited((before) => ({ ...before, day }))}
      />
      <CapField
        label={t.month}
        value={draft.month}
        limit={limits.month}
        onChange={(month) => setEdited((before) => ({ ...before, month }))}
      />
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
