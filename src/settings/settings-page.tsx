import './settings-page.css';
import { ChevronLeft, ChevronRight } from 'lucide-react';
import { Suspense } from 'react';
import { Link } from 'wouter';
import { useTexts } from '../i18n/preferences.tsx';
import { NotFound } from '../shell/not-found.tsx';
import { Page } from '../shell/page.tsx';
import { useNarrow } from '../shell/use-narrow.ts';
import { sections } from './sections.ts';

/** The settings, section by section: beside each other, or on a phone one list that leads to each. */
export function SettingsPage({ section: id }: { section: string | null }) {
  const { settings: t } = useTexts();
  const narrow = useNarrow();
  const section = sections.find((each) => each.id === (id ?? 'general'));
  if (!section) return <NotFound />;
  const Content = section.component;
  const listed = !narrow || id === null;
  const shown = !narrow || id !== null;
  return (
    <Page
      title={narrow && id !== null ? t.sections[section.id] : t.title}
      part={id}
      before={narrow && id !== null && <Back />}
      wide
    >
      <div className="settings">
        {listed && (
          <nav className="settings-nav" aria-label={t.title}>
            {sections.map(({ id: each, icon: Icon }) => (
              <Link
                key={each}
                href={`/settings/${each}`}
                className="settings-link"
                aria-current={shown && each === section.id ? 'page' : undefined}
              >
                <Icon size={17} aria-hidden="true" />
                {t.sections[each]}
                <ChevronRight size={16} aria-hidden="true" className="settings-arrow" />
              </Link>
            ))}
          </nav>
        )}
        {shown && (
          <div className="settings-content" key={section.id}>
            <h2 className={narrow ? 'visually-hidden' : 'settings-title'}>{t.sections[section.id]}</h2>
            <Suspense>
              <Content />
            </Suspense>
          </div>
        )}
      </div>
    </Page>
  );
}

function Back() {
  const { settings: t } = useTexts();
  return (
    <Link href="/settings" className="icon-button" aria-label={t.back} title={t.back}>
      <ChevronLeft size={20} aria-hidden="true" />
    </Link>
  );
}
