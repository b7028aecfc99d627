import { useTexts } from '../i18n/preferences.tsx';
import { Page } from '../shell/page.tsx';

/** What was uploaded and what the agent made. */
export function FilesPage() {
  const { pages } = useTexts();
  return (
    <Page title={pages.files} wide>
      {null}
    </Page>
  );
}
