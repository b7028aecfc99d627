// Pictures for people to look at: `npm run screens` writes those of the main states to docs/screens,
// `EVERY_STATE=1 npm run screens` those of every state to test-results/screens.
import { fileURLToPath } from 'node:url';
import { loadTexts } from '../../src/i18n/texts.ts';
import { test } from './fixture.ts';
import { scenesOf } from './states.ts';

const every = process.env.EVERY_STATE !== undefined;
const folder = fileURLToPath(
  new URL(every ? '../../test-results/screens' : '../../docs/screens', import.meta.url),
);

const looks = [
  { name: 'wide-light-en', locale: 'en-US', colorScheme: 'light', viewport: { width: 1280, height: 860 } },
  { name: 'wide-dark-ko', locale: 'ko-KR', colorScheme: 'dark', viewport: { width: 1280, height: 860 } },
  { name: 'narrow-light-ko', locale: 'ko-KR', colorScheme: 'light', viewport: { width: 360, height: 780 } },
  { name: 'narrow-dark-en', locale: 'en-US', colorScheme: 'dark', viewport: { width: 360, height: 780 } },
] as const;

for (const { name, ...look } of looks) {
  const language = look.locale === 'ko-KR' ? 'ko' : 'en';
  test.describe(name, () => {
    test.use(look);
    for (const { scene, path, given, act } of scenesOf(language).filter(({ isMain }) => isMain || every)) {
      test(scene, async ({ openApp, page, complaints }) => {
        await openApp(path, given);
        // Answers are plain text, and code has no colours, until the parts of the page for them are there.
        await page.waitForLoadState('networkidle');
        await page.locator('.answer-plain').waitFor({ state: 'detached' });
        await page.waitForFunction(() => document.fonts.status === 'loaded');
        if (await page.locator('.code').first().isVisible())
          await page.locator('.code-string-expression, .code-string').first().waitFor({ state: 'attached' });
        await act?.(page, await loadTexts(language));
        await page.screenshot({ path: `${folder}/${scene}-${name}.png`, animations: 'disabled' });
        // What was made to fail complains.
        complaints.length = 0;
      });
    }
  });
}
