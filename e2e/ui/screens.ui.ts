// Pictures of the main states for people to look at: `npm run screens` writes docs/screens.
import { fileURLToPath } from 'node:url';
import { test } from './fixture.ts';
import {
  conversationOf,
  type Given,
  idOf,
  messageOf,
  someConversations,
  usageRows,
  waking,
} from './scenes.ts';

const folder = fileURLToPath(new URL('../../docs/screens', import.meta.url));

const looks = [
  { name: 'wide-light-en', locale: 'en-US', colorScheme: 'light', viewport: { width: 1280, height: 860 } },
  { name: 'wide-dark-ko', locale: 'ko-KR', colorScheme: 'dark', viewport: { width: 1280, height: 860 } },
  { name: 'narrow-light-ko', locale: 'ko-KR', colorScheme: 'light', viewport: { width: 360, height: 780 } },
  { name: 'narrow-dark-en', locale: 'en-US', colorScheme: 'dark', viewport: { width: 360, height: 780 } },
] as const;

for (const { name, ...look } of looks) {
  const language = look.locale === 'ko-KR' ? 'ko' : 'en';
  const rows = someConversations(language);
  const open = idOf(1);
  const scenes: { scene: string; path: string; given: Given }[] = [
    { scene: 'first-run', path: '/', given: { agent: null } },
    { scene: 'chat', path: `/c/${open}`, given: rows },
    {
      scene: 'waking',
      path: `/c/${open}`,
      given: {
        ...rows,
        agent: waking,
        messages: [
          ...(rows.messages ?? []),
          messageOf(3, language === 'ko' ? '지금도 잘 돌아가?' : 'Is it still running well?', '', {
            status: 'queued',
            epoch: null,
          }),
        ],
      },
    },
    { scene: 'settings', path: '/settings/general', given: rows },
    { scene: 'usage', path: '/usage', given: { ...rows, usage: usageRows() } },
    { scene: 'spending', path: '/settings/spending', given: { ...rows, usage: usageRows() } },
    {
      scene: 'model',
      path: '/settings/model',
      given: {
        ...rows,
        settings: { settings: { provider: 'anthropic', model: 'claude-sonnet-5-5' }, revision: 1 },
      },
    },
    { scene: 'not-found', path: '/nowhere', given: { conversations: [conversationOf(1, 'A', 1)] } },
  ];

  test.describe(name, () => {
    test.use(look);
    for (const { scene, path, given } of scenes) {
      test(scene, async ({ openApp, page }) => {
        await openApp(path, given);
        if (path.startsWith('/c/')) {
          await page.getByRole('article').last().waitFor();
          await page.waitForFunction(() => document.fonts.status === 'loaded');
          await page.locator('.code-string-expression, .code-string').first().waitFor({ state: 'attached' });
        }
        await page.screenshot({ path: `${folder}/${scene}-${name}.png`, animations: 'disabled' });
      });
    }
  });
}
