import { useId } from 'react';
import { type Micros, toUsd } from '../../amplify/core/price.ts';
import { formatMicros } from '../../amplify/core/usage-text.ts';
import { usePreferences } from '../i18n/preferences.tsx';
import { capFault } from './spending-draft.ts';

interface CapFieldProps {
  label: string;
  /** Dollars as typed; empty for none. */
  value: string;
  /** What is allowed at most; undefined while that is not known. */
  limit: Micros | undefined;
  note?: string;
  onChange(value: string): void;
}

/** A limit of money: what is allowed at most stands in it while it is empty. */
export function CapField({ label, value, limit, note, onChange }: CapFieldProps) {
  const { t: texts, language } = usePreferences();
  const t = texts.settings.spending;
  const id = useId();
  const wrong = capFault(value, limit);
  return (
    <div className="field">
      <label className="field-label" htmlFor={id}>
        {label}
      </label>
      <input
        id={id}
        inputMode="decimal"
        value={value}
        placeholder={limit === undefined ? '' : toUsd(limit).toFixed(2)}
        autoComplete="off"
        aria-invalid={wrong !== null || undefined}
        aria-describedby={`${id}-hint`}
        onChange={(event) => onChange(event.target.value)}
      />
      <p className={wrong ? 'field-fault' : 'field-hint'} id={`${id}-hint`}>
        {wrong === 'number' && t.notANumber}
        {wrong === 'above' && t.above(formatMicros(language, limit ?? 0))}
        {!wrong && limit !== undefined && t.atMost(formatMicros(language, limit))}
        {!wrong && note && ` ${note}`}
      </p>
    </div>
  );
}
