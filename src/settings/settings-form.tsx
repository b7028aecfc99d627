import type { FormEvent, ReactNode } from 'react';
import { useTexts } from '../i18n/preferences.tsx';

interface SettingsFormProps {
  /** Whether something differs from what is saved. */
  changed: boolean;
  isSaving: boolean;
  problem: string | null;
  onSave(): void;
  /** It counts at once, not from the next wake. */
  appliesNow?: boolean;
  children: ReactNode;
}

/** A section's fields with their Save; it says why a save failed. */
export function SettingsForm({
  changed,
  isSaving,
  problem,
  onSave,
  appliesNow,
  children,
}: SettingsFormProps) {
  const { settings: t } = useTexts();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (changed) onSave();
  };
  return (
    <form className="form" onSubmit={submit} noValidate>
      {children}
      {!appliesNow && <p className="field-hint">{t.next}</p>}
      {problem && (
        <p className="field-fault" role="alert">
          {problem}
        </p>
      )}
      <div className="settings-actions">
        <button
          type="submit"
          className="button"
          data-kind="primary"
          aria-disabled={isSaving || !changed || undefined}
        >
          {t.save}
        </button>
      </div>
    </form>
  );
}
