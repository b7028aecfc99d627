import type { Page } from '@playwright/test';
import { scheduleTexts } from '../../../src/schedules/schedule-texts.ts';
import { idOf, messageOf, minutesAgo, someSchedules } from '../scenes.ts';
import { open, type Scene, type Words } from './scene.ts';

/** Messages that are sent at their time: their page, its form, and how they stand in a conversation. */
export function scheduleScenes({ ko, rows, ask }: Words): Scene[] {
  const language = ko ? 'ko' : 'en';
  const t = scheduleTexts[language];
  const answer = ko ? '네.' : 'Yes.';
  const sent = (n: number, dueMinutesAgo: number) =>
    messageOf(n, ask, answer, { schedule: { id: idOf(900), dueAt: minutesAgo(dueMinutesAgo) } });
  const make = async (page: Page) => {
    await page.getByRole('button', { name: t.make }).click();
    return page.getByRole('dialog');
  };
  return [
    {
      scene: 'schedules',
      path: '/schedules',
      given: { ...rows, schedules: someSchedules(language) },
      act: (page) => page.locator('.schedule').first().waitFor(),
      isMain: true,
    },
    { scene: 'schedules-none', path: '/schedules', given: rows },
    { scene: 'schedules-failed', path: '/schedules', given: { ...rows, failing: ['listSchedules'] } },
    {
      scene: 'schedule-weekly',
      path: '/schedules',
      given: rows,
      act: async (page) => {
        const dialog = await make(page);
        await dialog
          .getByLabel(t.text)
          .fill(ko ? '오늘 뉴스를 세 줄로 알려 줘' : 'Tell me the news in three lines');
        await dialog.getByLabel(t.when).selectOption('weekly');
      },
    },
    {
      scene: 'schedule-too-often',
      path: '/schedules',
      given: rows,
      act: async (page) => {
        const dialog = await make(page);
        await dialog.getByLabel(t.when).selectOption('cron');
        await dialog.getByLabel(t.expression).fill('*/5 * * * *');
      },
    },
    { scene: 'scheduled-message', path: open, given: { ...rows, messages: [sent(1, 25.2), sent(2, 600)] } },
  ];
}
