import { expect, test } from './fixture.ts';

test('a newcomer signs up with the code from the inbox, writes, sees the agent wake and answer', async ({
  signIn,
  chat,
  page,
  stack,
}) => {
  const account = await signIn.begin();
  const inbox = await page.context().newPage();
  await inbox.goto(`${stack.url}/inbox`);
  const mail = inbox.getByRole('listitem').filter({ hasText: account.email });
  const code = (await mail.textContent())?.match(/\d{6}/)?.[0] ?? '';
  await inbox.close();
  await signIn.confirm(code);
  await chat.isOpen();

  await chat.send('Hello there');
  const phases = await chat.wakePhases();
  // The page woke the agent when it was opened: the first phases may have passed. What is seen only goes forward.
  expect(phases.length, phases.join(' | ')).toBeGreaterThanOrEqual(1);
  expect(phases).toEqual([...phases].sort());
  await expect(chat.answer).toContainText('You wrote: “Hello there”', { timeout: 60_000 });
  await chat.isDone();
});

test('an answer streams, is still there after a reload in its middle, and stops when told to', async ({
  signedIn: chat,
  page,
}) => {
  await chat.send('Tell me a long story');
  await expect(chat.answer).toContainText('On day 1 ', { timeout: 90_000 });
  const early = (await chat.answer.textContent())?.length ?? 0;
  await expect.poll(async () => (await chat.answer.textContent())?.length).toBeGreaterThan(early + 100);

  await page.reload();
  await chat.isOpen();
  await expect(chat.answer).toContainText('On day 1 ');
  await expect(chat.answer).toContainText('On day 5 ', { timeout: 30_000 });

  await chat.stopButton.click();
  await expect(chat.log).toContainText(chat.words.stopped);
  await chat.isDone();
  await expect(chat.answer).not.toContainText('On day 40 ');
});

test('a tool shows as one line, with its output on demand', async ({ signedIn: chat }) => {
  await chat.send('Please use a tool');
  const tool = chat.toolLine('uname -a');
  await expect(tool).toContainText(`${chat.words.done}:`, { timeout: 90_000 });
  await chat.isDone();
  await expect(chat.log.getByText(chat.words.output, { exact: true })).toHaveCount(0);
  await tool.click();
  await expect(chat.log.getByText(chat.words.output, { exact: true })).toBeVisible();
  await expect(chat.log.locator('pre', { hasText: /Linux|Darwin/ }).first()).toBeVisible();
});
