import { expect, test } from './fixture.ts';

test('the agent sleeps when it is quiet, wakes again and remembers what was said', async ({
  signedIn: chat,
  stack,
}) => {
  await chat.sleepsAfter(5, stack.endpoint);
  await chat.send('My boat is called Marigold');
  await expect(chat.answer).toContainText('“My boat is called Marigold”', { timeout: 90_000 });
  await expect(chat.page.getByText(chat.words.asleep, { exact: true })).toBeVisible({ timeout: 60_000 });

  await chat.send('What did I say first?');
  await expect(chat.wakeProgress).toBeVisible();
  await expect(chat.answer).toContainText(
    'first thing you wrote in this conversation was: “My boat is called Marigold”',
    { timeout: 90_000 },
  );
});
