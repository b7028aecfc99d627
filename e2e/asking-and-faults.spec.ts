import { type DemoModel, demoModelId, startDemoModel } from '../local/app/demo-model/demo-model.ts';
import { test as base, expect } from './fixture.ts';
import { startStack } from './stack/running-stack.ts';

/** While it says so, a message `fault: …` makes the model do that. */
const faults = { allowFaults: true };

/** A stack whose agent asks before commands, and whose model does wrong when it is told to. */
const test = base.extend<object, { model: DemoModel }>({
  model: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture's needs from the pattern
    async ({}, use) => {
      const model = await startDemoModel(faults);
      await use(model);
      await model.close();
    },
    { scope: 'worker' },
  ],
  stack: [
    async ({ model }, use) => {
      const stack = await startStack({
        model: { name: demoModelId, url: model.url },
        withoutUserSwitch: true,
      });
      await use(stack);
      await stack.stop();
    },
    { scope: 'worker', timeout: 120_000 },
  ],
});

test('a command waits for the word of its user: denied it does not run, approved it does', async ({
  signedIn: chat,
  page,
}) => {
  await page.removeLocatorHandler(chat.approveButton);
  await chat.send('Please use a tool');
  await expect(chat.approveButton).toBeVisible({ timeout: 90_000 });
  await expect(chat.answer.getByText('uname -a').first()).toBeVisible();
  await page.reload();
  await chat.answer.getByRole('button', { name: chat.words.deny }).click();
  await chat.isDone();
  await expect(chat.answer).toContainText(/denied/i);
  await expect(chat.answer).not.toContainText(/Linux|Darwin/);

  await chat.send('Please use a tool');
  await chat.approveButton.click();
  await chat.isDone();
  await chat.toolLine('uname -a').click();
  await expect(chat.answer.locator('pre', { hasText: /Linux|Darwin/ }).first()).toBeVisible();
});

test('a model that fails says what happened and what to do, keeps the text, and Retry answers it', async ({
  signedIn: chat,
}) => {
  for (const [fault, said] of [
    ['fault: key', chat.words.keyRejected],
    ['fault: cut', chat.words.brokeOff],
  ] as const) {
    faults.allowFaults = true;
    await chat.send(`${fault}, please`);
    await expect(chat.answer).toContainText(said, { timeout: 90_000 });
    await expect(chat.answer).toContainText(`${fault}, please`);
    await expect(chat.composer).toBeEnabled();

    faults.allowFaults = false;
    await chat.answer.getByRole('button', { name: chat.words.retry }).click();
    await expect(chat.answer).toContainText(`“${fault}, please”`, { timeout: 60_000 });
    await expect(chat.answer).not.toContainText(said);
    await chat.isDone();
  }
});
