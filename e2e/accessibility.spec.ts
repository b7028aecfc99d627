import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, test } from './fixture.ts';

/** Every rule of WCAG 2.2 A and AA that a machine can check, and axe's own advice except `without`. */
async function check(page: Page, screen: string, without: string[] = []) {
  const { violations } = await new AxeBuilder({ page })
    .disableRules(without)
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
    .analyze();
  const found = violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html}`));
  expect.soft(found, screen).toEqual([]);
}

for (const [locale, colorScheme] of [
  ['en-US', 'light'],
  ['ko-KR', 'dark'],
] as const) {
  test.describe(`${locale}, ${colorScheme}`, () => {
    test.use({ locale, colorScheme });

    test('every screen passes axe', async ({ signIn, chat, page, stack }) => {
      await signIn.open();
      await check(page, 'sign-in');
      const account = await signIn.begin();
      // Amplify UI's form has a heading of level 4 here, whatever stands before it.
      await check(page, 'confirmation', ['heading-order']);
      const inbox = await page.context().newPage();
      await inbox.goto(`${stack.url}/inbox`);
      await expect(inbox.getByRole('listitem').first()).toBeVisible();
      await check(inbox, 'inbox');
      await inbox.close();
      await signIn.confirm((await stack.mailTo(account.email)).code ?? '');
      await chat.isOpen();
      await check(page, 'first conversation');
      await chat.send('use a tool');
      await expect(chat.wakeProgress).toBeVisible();
      await check(page, 'waking');
      await expect(chat.toolLine('uname -a')).toBeVisible({ timeout: 90_000 });
      await chat.isDone();
      await check(page, 'conversation');
      for (const path of ['settings/general', 'settings/model', 'files', 'usage', 'nowhere']) {
        await page.goto(`/#/${path}`);
        await expect(page.getByRole('heading', { level: 1 })).toBeFocused();
        await check(page, path);
      }
    });
  });
}
