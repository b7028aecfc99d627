import { readFileSync } from 'node:fs';
import { expect, test } from './fixture.ts';

const dot = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAAEklEQVR4nGP8z4APMOGVHbHSAEEsAROxCnMTAAAAAElFTkSuQmCC',
  'base64',
);
/** What a recording of Telegram's begins with: OGG, then Opus. */
const opus = Buffer.concat([Buffer.from('OggS'), Buffer.alloc(24), Buffer.from('OpusHead')]);

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

  const attach = async (way: 'photo' | 'document', name: string, mimeType: string, buffer: Buffer) => {
    await telegram.locator(`#${way}`).setInputFiles({ name, mimeType, buffer });
    await expect(telegram.getByRole('list', { name: 'Chosen files' })).toContainText(
      name.split('.')[0] ?? '',
    );
  };
  await attach('document', '보고서.txt', 'text/plain', Buffer.from('The report says that all is well.'));
  await write('Please send it back');
  await expect(said).toContainText('The report says that all is well.', { timeout: 60_000 });
  await expect(chat.answer).toContainText('The report says that all is well.');
  // Hers, and the agent's.
  await expect(said.getByRole('link', { name: '보고서.txt' })).toHaveCount(2, { timeout: 60_000 });
  const [download] = await Promise.all([
    telegram.waitForEvent('download'),
    said.getByRole('link', { name: '보고서.txt' }).last().click(),
  ]);
  expect(readFileSync(await download.path(), 'utf8')).toBe('The report says that all is well.');

  await attach('photo', 'dot.png', 'image/png', dot);
  await write('And this picture, send it back');
  await expect(said.getByRole('img')).toHaveCount(2, { timeout: 60_000 });
  await telegram.screenshot({ path: test.info().outputPath('files.png') });
  // In the web app too: the one that was sent, the one that came back.
  await expect(chat.answer.getByRole('img', { name: /^photo-.*\.jpg$/ })).toHaveCount(2);
  await page.screenshot({ path: test.info().outputPath('files-in-the-web-app.png') });

  // Spoken: the demonstration says that it can't hear, and that is what the agent gets.
  await telegram.locator('#voice').setInputFiles({ name: 'voice.ogg', mimeType: 'audio/ogg', buffer: opus });
  await expect(said).toContainText('🎤 This is a stand-in transcript', { timeout: 60_000 });
  await expect(chat.answer.getByRole('button', { name: /^voice-.*\.ogg/ })).toBeVisible();
  await expect(chat.answer).toContainText('You wrote: “');
  await expect(chat.answer.getByRole('img', { name: 'Voice, turned into text' })).toBeVisible();
  await page.screenshot({ path: test.info().outputPath('voice-in-the-web-app.png') });

  await write('/status');
  // The answer is shown as it grows: it may still be at it.
  await expect(said).toContainText(/Your agent is (awake|working on a message)\./);
  await expect(said).toContainText(/This month: about \$\d/);
  await write('/unlink');
  await expect(said).toContainText('Disconnected');
  await page.goto('/#/settings/telegram');
  await expect(page.getByRole('button', { name: 'Connect', exact: true })).toBeVisible();
});
