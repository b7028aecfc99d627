import { expect, test } from './fixture.ts';

test('who signs out leaves nothing on the screen, and the next account sees nothing of the one before', async ({
  signIn,
  chat,
  page,
}) => {
  const first = await signIn.signUp();
  await chat.isOpen();
  await chat.send('A secret about Marigold');
  await expect(chat.answer).toContainText('“A secret about Marigold”', { timeout: 90_000 });
  await chat.signOut();
  await expect(page.getByText('Marigold')).toHaveCount(0);

  await signIn.signUp();
  await chat.isOpen();
  await expect(page.getByText(chat.words.noConversations)).toBeVisible();
  await expect(page.getByText('Marigold')).toHaveCount(0);
  await chat.signOut();

  await signIn.signIn(first);
  await chat.isOpen();
  await expect(page.getByText('Marigold').first()).toBeVisible();
});
