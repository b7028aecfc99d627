import { type FormEvent, use, useId, useState } from 'react';
import { usePreferences } from '../i18n/preferences.tsx';
import { AccountContext } from '../session/account-context.ts';
import { Dialog } from '../shell/dialog.tsx';
import { useNotify } from '../shell/notices.tsx';
import { useAttempt } from '../shell/use-attempt.ts';
import { useWorkspace } from '../shell/workspace-context.tsx';
import { dataTexts } from './data-texts.ts';

/** Says what goes and what stays, asks for a typed word, and has everything erased. Ends signed out. */
export function EraseEverything() {
  const t = dataTexts[usePreferences().language];
  const [withAccount, setWithAccount] = useState(false);
  const [isAsking, setAsking] = useState(false);
  return (
    <section className="erase" aria-labelledby="erase-title">
      <h3 className="settings-group" id="erase-title">
        {t.erase}
      </h3>
      <p>{t.eraseAbout}</p>
      <ul className="erase-list">
        {t.goes.map((what) => (
          <li key={what}>{what}</li>
        ))}
      </ul>
      <p className="field-hint">{withAccount ? t.staysNothing : t.stays}</p>
      <p className="field-hint">{t.staysElsewhere}</p>
      <label className="erase-choice">
        <input
          type="checkbox"
          checked={withAccount}
          onChange={(event) => setWithAccount(event.target.checked)}
        />
        {t.account}
      </label>
      <div>
        <button type="button" className="button" data-kind="danger" onClick={() => setAsking(true)}>
          {t.eraseAsk}
        </button>
      </div>
      {isAsking && <Confirmation withAccount={withAccount} onClose={() => setAsking(false)} />}
    </section>
  );
}

function Confirmation({ withAccount, onClose }: { withAccount: boolean; onClose(): void }) {
  const { t: texts, language } = usePreferences();
  const t = dataTexts[language];
  const { api } = useWorkspace();
  const account = use(AccountContext);
  const attempt = useAttempt();
  const notify = useNotify();
  const [word, setWord] = useState('');
  const [isBusy, setBusy] = useState(false);
  const id = useId();
  const isMeant = word.trim().toLowerCase() === t.word;

  const erase = async (event: FormEvent) => {
    event.preventDefault();
    if (!isMeant || isBusy) return;
    setBusy(true);
    if (!(await attempt(() => api.eraseEverything(withAccount)))) return setBusy(false);
    try {
      if (withAccount) await account?.remove();
    } catch {
      // The data goes all the same; whoever signs in again can ask for the account once more.
      notify('error', t.accountKept);
      return onClose();
    }
    await account?.leave();
  };
  return (
    <Dialog title={withAccount ? t.questionAccount : t.question} onClose={onClose}>
      <form className="form" onSubmit={(event) => void erase(event)}>
        <p className="dialog-text">{t.noWayBack}</p>
        <label className="field" htmlFor={id}>
          <span className="field-label">{t.typeWord(t.word)}</span>
          <input
            id={id}
            value={word}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            onChange={(event) => setWord(event.target.value)}
          />
        </label>
        <div className="dialog-actions">
          <button type="button" className="button" onClick={onClose}>
            {texts.app.cancel}
          </button>
          <button type="submit" className="button" data-kind="danger" disabled={!isMeant || isBusy}>
            {isBusy ? t.busy : t.eraseNow}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
