import { Orb } from '../agent/orb.tsx';
import { useTexts } from '../i18n/preferences.tsx';
import { FullPage } from './full-page.tsx';

/** While the page finds out what to show. */
export function Splash() {
  const { app } = useTexts();
  return (
    <FullPage>
      <Orb state="asleep" size="large" />
      <h1 className="visually-hidden">{app.name}</h1>
      <p className="visually-hidden" role="status">
        {app.loading}
      </p>
    </FullPage>
  );
}
