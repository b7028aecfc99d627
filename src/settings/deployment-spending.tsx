import { useCallback, useEffect, useId, useState } from 'react';
import type { DeploymentSettings, DeploymentSettingsView } from '../../amplify/core/deployment-settings.ts';
import { usePreferences } from '../i18n/preferences.tsx';
import { faultLine } from '../shell/fault-line.ts';
import { useNotify } from '../shell/notices.tsx';
import { useWorkspace } from '../shell/workspace-context.tsx';
import { CapField } from './cap-field.tsx';
import { SettingsForm } from './settings-form.tsx';
import { capFault, centsOf, usdText } from './spending-draft.ts';

/** Each cap, and what of the configuration it stays below. */
const caps = [
  ['dayCapCents', 'dayMicros'],
  ['monthCapCents', 'monthMicros'],
  ['totalDayCapCents', 'totalDayMicros'],
  ['totalMonthCapCents', 'totalMonthMicros'],
] as const;
type CapName = (typeof caps)[number][0];

/** What admins set for everybody: limits of each account and of all together, and the switch that stops it all. */
export function DeploymentSpending() {
  const { t: texts } = usePreferences();
  const t = texts.settings.deploymentSpending;
  const { api } = useWorkspace();
  const notify = useNotify();
  const id = useId();
  const [saved, setSaved] = useState<DeploymentSettingsView | null>(null);
  const [edited, setEdited] = useState<Partial<Record<CapName, string>> & { stopped?: boolean }>({});
  const [isSaving, setSaving] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const read = useCallback(() => api.getDeploymentSettings().then(setSaved, () => {}), [api]);
  useEffect(() => void read(), [read]);
  if (!saved) return null;

  const { settings, most, revision } = saved;
  const draft = (name: CapName) => edited[name] ?? usdText(settings[name]);
  const stopped = edited.stopped ?? settings.spendingStopped ?? false;
  const changed =
    caps.some(([name]) => draft(name) !== usdText(settings[name])) ||
    stopped !== (settings.spendingStopped ?? false);

  const onSave = async () => {
    if (isSaving || caps.some(([name, limit]) => capFault(draft(name), most[limit]))) return;
    const next: DeploymentSettings = {
      ...Object.fromEntries(caps.map(([name]) => [name, centsOf(draft(name))])),
      spendingStopped: stopped || null,
    };
    setSaving(true);
    setProblem(null);
    try {
      await api.saveDeploymentSettings(next, revision);
      setEdited({});
      notify('info', texts.settings.saved);
    } catch (error) {
      setProblem(faultLine(error, texts));
    } finally {
      await read();
      setSaving(false);
    }
  };

  return (
    <>
      <hr className="settings-divider" />
      <h3 className="settings-group">{t.title}</h3>
      <p className="field-hint">{t.about}</p>
      <SettingsForm
        changed={changed}
        isSaving={isSaving}
        problem={problem}
        onSave={() => void onSave()}
        appliesNow
      >
        {caps.map(([name, limit]) => (
          <CapField
            key={name}
            label={t[name]}
            value={draft(name)}
            limit={most[limit]}
            onChange={(value) => setEdited((before) => ({ ...before, [name]: value }))}
          />
        ))}
        <div className="field">
          <label className="field-label field-check">
            <input
              type="checkbox"
              checked={stopped || most.stopped}
              disabled={most.stopped}
              aria-describedby={`${id}-stopped-hint`}
              onChange={(event) => setEdited((before) => ({ ...before, stopped: event.target.checked }))}
            />
            {t.stop}
          </label>
          <p className="field-hint" id={`${id}-stopped-hint`}>
            {most.stopped ? t.stoppedByConfiguration : t.stopHint}
          </p>
        </div>
      </SettingsForm>
    </>
  );
}
