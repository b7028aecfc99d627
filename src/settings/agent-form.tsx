import { type ReactNode, useId, useState } from 'react';
import { capacityOrder } from '../../amplify/core/capacity.ts';
import { formatDuration } from '../../amplify/core/duration-text.ts';
import { awsPricesOf, taskSecondUsd, toMicros } from '../../amplify/core/price.ts';
import {
  capacityPolicies,
  defaultWakeAhead,
  type Settings,
  wakeAheads,
} from '../../amplify/core/settings.ts';
import type { DeploymentDefaults } from '../../amplify/core/settings-view.ts';
import { offeredSizes, sizeNamed, type TaskSize } from '../../amplify/core/task-size.ts';
import { formatPrice } from '../../amplify/core/usage-text.ts';
import { usePreferences } from '../i18n/preferences.tsx';
import { SettingsForm } from './settings-form.tsx';

/** Choices of the idle time, seconds. */
const idleChoices = [60, 300, 600, 1200, 1800, 3600];

interface AgentFormProps {
  settings: Settings;
  deployment: DeploymentDefaults;
  isSaving: boolean;
  problem: string | null;
  save(next: Settings): Promise<boolean>;
}

type Draft = Pick<Settings, 'idleSeconds' | 'wakeAhead' | 'capacity' | 'taskSize'>;

/** When the agent comes and leaves, on which machines it runs and how large they are. Takes along the language that was chosen on this device. */
export function AgentForm({ settings, deployment, isSaving, problem, save }: AgentFormProps) {
  const { t: texts, language, languageChosen } = usePreferences();
  const t = texts.settings;
  const [edited, setEdited] = useState<Draft>({});
  const draft: Draft = { ...settings, ...edited };
  const edit = (change: Draft) => setEdited((before) => ({ ...before, ...change }));
  const changed = (Object.keys(edited) as (keyof Draft)[]).some(
    (name) => (edited[name] ?? null) !== (settings[name] ?? null),
  );
  const minutes = (seconds: number) => formatDuration(language, seconds * 1000);
  const { prices, asOf } = awsPricesOf(deployment.region);
  const [capacity] = capacityOrder[draft.capacity ?? deployment.capacity];
  const sizeText = (size: TaskSize) =>
    t.taskSizeOf(
      size.cpu / 1024,
      size.memory / 1024,
      formatPrice(language, toMicros(taskSecondUsd(prices, size, capacity) * 3600)),
    );
  const idle = draft.idleSeconds;
  const offered = idle && !idleChoices.includes(idle) ? [idle, ...idleChoices] : idleChoices;

  const sizes = offeredSizes(deployment.sizes);

  const onSave = async () => {
    const next = { ...settings, ...edited, language: languageChosen ? language : settings.language };
    if (await save(next)) setEdited({});
  };

  return (
    <SettingsForm changed={changed} isSaving={isSaving} problem={problem} onSave={() => void onSave()}>
      <Choice
        label={t.idle}
        hint={t.idleHint}
        value={idle ? String(idle) : ''}
        onChange={(value) => edit({ idleSeconds: Number(value) || null })}
      >
        <option value="">{t.deployment(minutes(deployment.idleSeconds))}</option>
        {offered.map((seconds) => (
          <option key={seconds} value={seconds}>
            {minutes(seconds)}
          </option>
        ))}
      </Choice>
      <Choice
        label={t.wakeAhead}
        hint={t.wakeAheadHint}
        value={draft.wakeAhead ?? defaultWakeAhead}
        onChange={(value) => edit({ wakeAhead: wakeAheads.find((each) => each === value) ?? null })}
      >
        {wakeAheads.map((each) => (
          <option key={each} value={each}>
            {t.wakeAheads[each]}
          </option>
        ))}
      </Choice>
      <Choice
        label={t.capacity}
        hint={t.capacityHint}
        value={draft.capacity ?? ''}
        onChange={(value) => edit({ capacity: capacityPolicies.find((each) => each === value) ?? null })}
      >
        <option value="">{t.deployment(t.capacities[deployment.capacity])}</option>
        {capacityPolicies.map((each) => (
          <option key={each} value={each}>
            {t.capacities[each]}
          </option>
        ))}
      </Choice>
      <Choice
        label={t.taskSize}
        hint={t.taskSizeHint(asOf)}
        value={draft.taskSize && sizes.includes(draft.taskSize) ? draft.taskSize : ''}
        onChange={(value) => edit({ taskSize: sizes.find((each) => each === value) ?? null })}
      >
        <option value="">{t.deployment(sizeText(deployment.sizes.usual))}</option>
        {sizes.map((each) => (
          <option key={each} value={each}>
            {sizeText(sizeNamed(each))}
          </option>
        ))}
      </Choice>
    </SettingsForm>
  );
}

interface ChoiceProps {
  label: string;
  hint: string;
  value: string;
  onChange(value: string): void;
  /** Its options. */
  children: ReactNode;
}

function Choice({ label, hint, value, onChange, children }: ChoiceProps) {
  const id = useId();
  return (
    <div className="field">
      <label className="field-label" htmlFor={id}>
        {label}
      </label>
      <select
        id={id}
        value={value}
        aria-describedby={`${id}-hint`}
        onChange={(event) => onChange(event.target.value)}
      >
        {children}
      </select>
      <p className="field-hint" id={`${id}-hint`}>
        {hint}
      </p>
    </div>
  );
}
