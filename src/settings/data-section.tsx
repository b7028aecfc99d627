import { Link } from 'wouter';
import { useExport } from '../history/use-export.ts';
import { formatNumber } from '../i18n/format.ts';
import { usePreferences } from '../i18n/preferences.tsx';
import { dataTexts } from './data-texts.ts';
import { EraseEverything } from './erase-everything.tsx';
import './data-section.css';

/** What the owner has here: to take away, and to have deleted. */
export function DataSection() {
  const { t: texts, language } = usePreferences();
  const t = dataTexts[language];
  const { progress, run, cancel } = useExport();
  return (
    <>
      <h3 className="settings-group">{t.export}</h3>
      <p className="field-hint">{t.exportAbout}</p>
      {progress ? (
        <div className="settings-row">
          <span role="status">
            {t.reading(formatNumber(language, progress.messages), progress.conversations)}
          </span>
          <button type="button" className="button" onClick={cancel}>
            {texts.app.cancel}
          </button>
        </div>
      ) : (
        <div className="settings-actions">
          <button type="button" className="button" onClick={() => void run('md')}>
            {t.asMarkdown}
          </button>
          <button type="button" className="button" onClick={() => void run('json')}>
            {t.asJson}
          </button>
        </div>
      )}
      <p className="field-hint data-elsewhere">
        {t.elsewhere} <Link href="/files">{texts.pages.files}</Link> ·{' '}
        <Link href="/settings/memory">{texts.settings.sections.memory}</Link> ·{' '}
        <Link href="/usage">{texts.pages.usage}</Link>
      </p>
      <hr className="settings-divider" />
      <EraseEverything />
    </>
  );
}
