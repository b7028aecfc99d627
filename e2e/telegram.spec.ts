import { expect, test } from './fixture.ts';

test('a person links Telegram in the settings, talks there with the agent, and finds it all in the web app', async ({
  signedIn: chat,
  page,
  context,
  stack,
}) => {
  await page.goto('/#/settings/telegram');
  await page.getByRole('button', { name: 'Connect', exact: true }).click();
  await expect(page.getByRole('img', { name: /QR code/ })).toBeVisible();
  await page.screenshot({ path: test.info().outputPath('link.png') });
  const [telegram] = await Promise.all([
    context.waitForEvent('page'),
    page.getByRole('link', { name: 'Open Telegram' }).click(),
  ]);
  expect(telegram.url()).toContain(`${stack.telegram}?start=`);
  await telegram.getByRole('button', { name: 'Start' }).click();
  const said = telegram.getByRole('log');
  await expect(said).toContainText('Connected, You.');
  // The page of the settings hears of it by itself.
  await expect(page.getByRole('status').filter({ hasText: 'Connected with You on Telegram' })).toBeVisible();

  const write = async (text: string) => {
    await telegram.getByRole('textbox', { name: 'Message' }).fill(text);
    await telegram.getByRole('button', { name: 'Send' }).click();
  };
  await write('Hello from my phone');
  await expect(said).toContainText(/is typing|Waking|Starting|Almost there|Hello from my phone/);
  await telegram.screenshot({ path: test.info().outputPath('waking.png') });
  await expect(said).toContainText('“Hello from my phone”', { timeout: 90_000 });
  await expect(said).not.toContainText('Almost there');
  await telegram.screenshot({ path: test.info().outputPath('answered.png') });

  await page.goto('/#/');
  await page
    .getByRole('link', { name: /Hello from my phone/ })
    .first()
    .click();
  await expect(chat.answer).toContainText('“Hello from my phone”');
  await expect(page.getByText('From Telegram')).toBeVisible();

  await write('/status');
  // The answer is shown as it grows: it may still be at it.
  await expect(said).toContainText(/Your agent is (awake|working on a message)\./);
  await expect(said).toContainText(/This month: about \$\d/);
  await write('/unlink');
  await expect(said).toContainText('Disconnected');
  await page.goto('/#/settings/telegram');
  await expect(page.getByRole('button', { name: 'Connect', exact: true })).toBeVisible();
});
