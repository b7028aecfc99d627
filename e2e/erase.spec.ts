import { expect, test } from './fixture.ts';

test('who deletes their data keeps nothing but the account, and with it not even that', async ({
  signIn,
  chat,
  page,
}) => {
  const erase = async () => {
    await page.getByRole('button', { name: 'Delete my data…' }).click();
    await page.getByLabel('Type “delete” to confirm').fill('delete');
    await page.getByRole('button', { name: 'Delete for good' }).click();
    await expect(page.getByRole('status').filter({ hasText: 'Everything is being deleted.' })).toBeVisible();
  };
  const account = await signIn.signUp();
  await chat.isOpen();
  await chat.send('A secret about Marigold');
  await expect(chat.answer).toContainText('“A secret about Marigold”', { timeout: 90_000 });
  await page.goto('/#/settings/data');
  await erase();

  await signIn.signIn(account);
  await chat.isOpen();
  await expect(page.getByText(chat.words.noConversations)).toBeVisible();
  await chat.send('Hello again');
  await expect(page.getByText('Your data is being deleted', { exact: false }).first()).toBeVisible();

  await page.goto('/#/settings/data');
  const beside = await page.context().newPage();
  await beside.goto('/');
  await expect(beside.getByRole('textbox', { name: 'Message' })).toBeVisible();
  await page.getByRole('checkbox', { name: 'Delete my account, too' }).check();
  await erase();
  await expect(beside.getByText('Everything is being deleted.', { exact: false })).toBeVisible();
  await signIn.signIn(account);
  // Cognito does not tell whether there is such an account.
  await expect(page.getByText('Incorrect username or password.')).toBeVisible();
});
