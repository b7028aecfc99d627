import { conversationOf, usageRows } from '../scenes.ts';
import { list, report, type Scene, settings, type Words } from './scene.ts';

/** The pages beside the conversations, and what stands where there is none. */
export function pageScenes({ rows, withFiles, long }: Words): Scene[] {
  const period = new Date().toISOString().slice(0, 10);
  const spent = (micros: number) => [
    {
      period: period.slice(0, 7),
      counted: micros,
      [`counted${period.slice(8)}`]: micros,
      [`model${period.slice(8)}`]: micros,
    },
  ];
  return [
    { scene: 'usage', path: '/usage', given: { ...rows, usage: usageRows() }, isMain: true },
    {
      scene: 'usage-table',
      path: '/usage',
      given: { ...rows, usage: usageRows() },
      act: (page, t) => page.getByText(t.usage.asTable).click(),
    },
    { scene: 'usage-none', path: '/usage', given: rows },
    { scene: 'usage-capped', path: '/usage', given: { ...rows, usage: spent(5_000_000) } },
    {
      scene: 'usage-stopped',
      path: '/usage',
      given: { ...rows, usage: spent(4_000), ...settings({ spendingStopped: true }) },
    },
    { scene: 'usage-failed', path: '/usage', given: { ...rows, failing: ['getUsage'] } },
    {
      scene: 'files',
      path: '/files',
      given: withFiles,
      act: (page) => page.locator('.attached img').first().waitFor(),
      isMain: true,
    },
    {
      scene: 'files-erase',
      path: '/files',
      given: withFiles,
      act: (page, t) => page.getByRole('button', { name: t.files.erase(report.name) }).click(),
    },
    {
      scene: 'files-preview',
      path: '/files',
      given: withFiles,
      act: async (page, t) => {
        const body = `#!/bin/sh\n${long}\n\n3.1G  /var/log/journal\n2.1G  reports/largest.txt\n`;
        await page.route('**/icon-192.png', (route) => route.fulfill({ body: body.repeat(9) }));
        await page.getByTitle(t.files.open(list.name)).click();
        await page.locator('.preview').waitFor();
      },
    },
    { scene: 'files-none', path: '/files', given: rows },
    { scene: 'files-failed', path: '/files', given: { ...rows, failing: ['listFiles'] } },
    {
      scene: 'not-found',
      path: '/nowhere',
      given: { conversations: [conversationOf(1, 'A', 1)] },
      isMain: true,
    },
    {
      scene: 'crash',
      path: '/',
      given: rows,
      act: async (page) => {
        await page.evaluate(() => {
          window.ui.api.getUsage = async () => ({}) as never;
          location.hash = '#/usage';
        });
        await page.locator('.full-page').waitFor();
      },
    },
  ];
}
