import { useTexts } from '../i18n/preferences.tsx';
import { Page } from '../shell/page.tsx';

/** What the agent costs: this month, day by day, per conversation. */
export function UsagePage() {
  const { pages } = useTexts();
  return (
    <Page title={pages.usage} wide>
      {null}
    </Page>
  );
}
