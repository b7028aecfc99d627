import { MoonStar } from 'lucide-react';
import { Link } from 'wouter';
import { useTexts } from '../i18n/preferences.tsx';
import { Page } from './page.tsx';

/** An address that leads nowhere. */
export function NotFound() {
  const { pages: t } = useTexts();
  return (
    <Page title={t.notFound}>
      <div className="page-empty">
        <MoonStar size={40} strokeWidth={1.4} aria-hidden="true" />
        <p>{t.notFoundNext}</p>
        <Link href="/" className="button" data-kind="primary">
          {t.home}
        </Link>
      </div>
    </Page>
  );
}
