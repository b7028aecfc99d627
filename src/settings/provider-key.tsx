import { useCallback, useEffect, useId, useState } from 'react';
import type { KeyView } from '../../amplify/core/provider-key.ts';
import type { Provider } from '../../amplify/core/settings.ts';
import { usePreferences } from '../i18n/preferences.tsx';
import { faultLine } from '../shell/fault-line.ts';
import { useWorkspace } from '../shell/workspace-context.tsx';

interface ProviderKeyProps {
  provider: Provider;
  /** Tries the model with a key that was typed, or the stored one. Gives what came of it, for people. */
  onTest(key: string | null): Promise<string>;
}

/** The key of a provider: it goes in, and only its last characters come back. And a trial with it. */
export function ProviderKey({ provider, onTest }: ProviderKeyProps) {
  const { t: texts } = usePreferences();
  const t = texts.settings.key;
  const { api } = useWorkspace();
  const id = useId();
  const [stored, setStored] = useState<KeyView | null>(null);
  const [typed, setTyped] = useState('');
  const [busy, setBusy] = useState(false);
  const [said, setSaid] = useState('');
  const read = useCallback(() => api.getProviderKey().then(setStored, () => {}), [api]);
  useEffect(() => void read(), [read]);

  const run = async (work: () => Promise<string>) => {
    if (busy) return;
    setBusy(true);
    setSaid(t.busy);
    try {
      setSaid(await work());
    } catch (error) {
      setSaid(faultLine(error, texts));
    } finally {
      setBusy(false);
    }
  };
  const save = async () => {
    setStored(await api.saveProviderKey(provider, typed));
    setTyped('');
    return t.saved;
  };
  const remove = async () => {
    await api.deleteProviderKey();
    setStored(null);
    return t.removed;
  };

  const isOwn = stored && (stored.provider === null || stored.provider === provider);
  return (
    <div className="field">
      <label className="field-label" htmlFor={`${id}-key`}>
        {t.label}
      </label>
      <input
        id={`${id}-key`}
        type="password"
        value={typed}
        autoComplete="off"
        spellCheck={false}
        placeholder={isOwn ? `••••${stored.ending}` : ''}
        aria-describedby={`${id}-hint`}
        onChange={(event) => setTyped(event.target.value)}
      />
      <p className="field-hint" id={`${id}-hint`}>
        {typed ? t.typed : isOwn ? t.stored(stored.ending) : stored ? t.ofAnother : t.hint}
      </p>
      <div className="settings-actions">
        <button
          type="button"
          className="button"
          data-size="small"
          onClick={() => void run(() => onTest(typed || null))}
        >
          {t.test}
        </button>
        {typed && (
          <button type="button" className="button" data-size="small" onClick={() => void run(save)}>
            {t.save}
          </button>
        )}
        {stored && !typed && (
          <button type="button" className="button" data-size="small" onClick={() => void run(remove)}>
            {t.remove}
          </button>
        )}
      </div>
      <p role="status" className="field-hint">
        {said}
      </p>
    </div>
  );
}
