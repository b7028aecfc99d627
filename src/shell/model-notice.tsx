import './banner.css';
import { FlaskConical } from 'lucide-react';
import { usePreferences } from '../i18n/preferences.tsx';

/** What people must know about the model, as the deployment words it. */
export function ModelNotice({ notice }: { notice: { en: string; ko: string } }) {
  const { language, t } = usePreferences();
  return (
    <aside className="banner" aria-label={t.notice.label}>
      <FlaskConical size={16} aria-hidden="true" />
      <span>{notice[language]}</span>
    </aside>
  );
}
