import { Link } from 'wouter';
import { useTexts } from '../i18n/preferences.tsx';
import { useWorkspace } from '../shell/workspace-context.tsx';

/** While messages are read for the first time. */
export function Placeholder() {
  return (
    <div className="transcript-placeholder" aria-hidden="true">
      <span />
      <span />
      <span />
      <span />
    </div>
  );
}

/** Messages could not be read: says so and offers to try again. */
export function ReadFailed() {
  const { chat: t } = useTexts();
  const { sync } = useWorkspace();
  return (
    <div className="transcript-note">
      <p>{t.failedToRead}</p>
      <button type="button" className="button" data-size="small" onClick={sync.refresh}>
        {t.again}
      </button>
    </div>
  );
}

/** The conversation of this address is not there. */
export function Gone() {
  const { conversations: t } = useTexts();
  return (
    <div className="transcript-note">
      <p>
        <strong>{t.gone}</strong>
      </p>
      <p>{t.goneNext}</p>
      <Link className="button" data-size="small" href="/">
        {t.new}
      </Link>
    </div>
  );
}
