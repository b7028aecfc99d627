import type { Page } from '@playwright/test';
import type { Texts } from '../../../src/i18n/texts.ts';
import { dataTexts } from '../../../src/settings/data-texts.ts';
import { minutesAgo, usageRows } from '../scenes.ts';
import { type Scene, settings, type Words } from './scene.ts';

const chooseState = async (page: Page, t: Texts) => {
  const buffer = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, ...Buffer.alloc(64 * 1024)]);
  await page
    .locator('.state-import input')
    .setInputFiles([{ name: 'openclaw-2026-11-26-10-05.tar.zst', mimeType: 'application/zstd', buffer }]);
  await page.getByText(t.settings.memory.import.trust).waitFor();
};

/** The settings, section by section. */
export function settingsScenes({ language, ko, rows }: Words): Scene[] {
  return [
    { scene: 'settings', path: '/settings/general', given: rows, isMain: true },
    { scene: 'settings-list', path: '/settings', given: rows },
    { scene: 'settings-admin', path: '/settings/spending', given: { ...rows, isAdmin: true } },
    { scene: 'settings-unread', path: '/settings/model', given: { ...rows, failing: ['getSettings'] } },
    {
      scene: 'model',
      path: '/settings/model',
      given: { ...rows, ...settings({ provider: 'anthropic', model: 'claude-sonnet-5-5' }) },
      isMain: true,
    },
    {
      scene: 'model-faults',
      path: '/settings/model',
      given: {
        ...rows,
        ...settings({ provider: 'bedrock', model: 'some-model' }),
        providerKey: { provider: 'bedrock', ending: 'x7Q2', savedAt: null },
        verdict: {
          code: 'model.key_rejected',
          detail: 'invalid x-api-key',
          milliseconds: 420,
          priced: false,
        },
      },
      act: async (page, t) => {
        await page.getByRole('button', { name: t.settings.key.test, exact: true }).click();
        await page.getByLabel(t.settings.modelName).fill('other-model');
        await page.getByRole('button', { name: t.settings.save, exact: true }).click();
        await page.getByText(t.settings.baseUrlNeeded).waitFor();
      },
    },
    { scene: 'spending', path: '/settings/spending', given: { ...rows, usage: usageRows() }, isMain: true },
    {
      scene: 'spending-faults',
      path: '/settings/spending',
      given: { ...rows, ...settings({ dayCapCents: 250, spendingStopped: true }) },
      act: async (page, t) => {
        await page.getByLabel(t.settings.spending.day).fill('12');
        await page.getByLabel(t.settings.spending.month).fill('a lot');
      },
    },
    {
      scene: 'memory',
      path: '/settings/memory',
      given: {
        ...rows,
        snapshots: [
          { id: '3-2', savedAt: minutesAgo(9), size: 14_400_000, isNext: true, isImported: false },
          { id: '3-1', savedAt: minutesAgo(900), size: 1_274_000, isNext: false, isImported: false },
          { id: '2-9', savedAt: minutesAgo(2900), size: 127_400, isNext: false, isImported: true },
        ],
      },
    },
    {
      scene: 'memory-import',
      path: '/settings/memory',
      given: { ...rows, agent: null },
      act: (page, t) => chooseState(page, t),
    },
    {
      scene: 'memory-importing',
      path: '/settings/memory',
      given: { ...rows, agent: null },
      act: async (page, t) => {
        await page.evaluate(() => {
          window.ui.api.importSnapshot = () => new Promise(() => {});
        });
        await chooseState(page, t);
        await page.getByRole('button', { name: t.settings.memory.import.confirm, exact: true }).click();
        await page.getByRole('progressbar').waitFor();
      },
    },
    { scene: 'memory-none', path: '/settings/memory', given: { ...rows, agent: null } },
    {
      scene: 'security',
      path: '/settings/security',
      given: rows,
      act: async (page, t) => {
        await page.getByRole('button', { name: t.settings.security.begin }).click();
        await page.getByLabel(t.settings.security.code).fill('654321');
        await page.getByRole('button', { name: t.settings.security.confirm }).click();
        await page.getByText(t.settings.security.mismatch).waitFor();
      },
    },
    { scene: 'security-off', path: '/settings/security', given: rows },
    { scene: 'data', path: '/settings/data', given: rows },
    {
      scene: 'data-erase',
      path: '/settings/data',
      given: rows,
      act: async (page) => {
        await page.getByRole('checkbox').check();
        await page.getByRole('button', { name: dataTexts[language].eraseAsk }).click();
        await page.getByRole('textbox').last().fill(dataTexts[language].word);
      },
    },
    {
      scene: 'telegram',
      path: '/settings/telegram',
      given: rows,
      act: async (page, t) => {
        await page.getByRole('button', { name: t.settings.telegram.connect }).click();
        await page.getByRole('img').waitFor();
      },
      isMain: true,
    },
    {
      scene: 'telegram-linked',
      path: '/settings/telegram',
      given: {
        ...rows,
        channels: [
          {
            channel: 'telegram',
            address: '@claw_bot',
            link: { name: ko ? '김하늘' : 'Ann Example', linkedAt: minutesAgo(9000), isActive: false },
          },
        ],
      },
    },
    {
      scene: 'telegram-off',
      path: '/settings/telegram',
      given: { ...rows, channels: [{ channel: 'telegram', address: null, link: null }] },
    },
    {
      scene: 'model-own-server',
      path: '/settings/model',
      given: {
        ...rows,
        ...settings({
          ...{ provider: 'openai-compatible', model: 'qwen3', baseUrl: 'https://llm.example.com/v1' },
          ...{ api: 'openai-responses', thinking: 'medium', modelPrice: { input: 0, output: 0 } },
        }),
      },
      act: (page, t) => page.getByLabel(t.settings.thinking, { exact: true }).scrollIntoViewIfNeeded(),
    },
  ];
}
