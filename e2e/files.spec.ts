import { readFileSync } from 'node:fs';
import { expect, test } from './fixture.ts';

const dot = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAAEklEQVR4nGP8z4APMOGVHbHSAEEsAROxCnMTAAAAAElFTkSuQmCC',
  'base64',
);

test('files go with a message, come back with the answer, are listed, fetched and deleted', async ({
  signedIn: chat,
  page,
}) => {
  await page.locator('input[type=file]').setInputFiles([
    { name: '보고서.txt', mimeType: 'text/plain', buffer: Buffer.from('The report says that all is well.') },
    { name: 'dot.png', mimeType: 'image/png', buffer: dot },
  ]);
  await chat.send('Please send it back');
  await expect(chat.answer.getByRole('img', { name: 'dot.png' }).first()).toBeVisible({ timeout: 30_000 });
  await expect(chat.answer).toContainText('The report says that all is well.', { timeout: 120_000 });
  await chat.isDone();
  await expect(chat.answer).not.toContainText('MEDIA:');
  // One that was sent, one that came back.
  await expect(chat.answer.getByRole('img', { name: 'dot.png' })).toHaveCount(2);

  await page.goto('/#/files');
  await expect(page.getByRole('img', { name: 'dot.png' })).toHaveCount(2);
  await page.getByTitle('Show 보고서.txt').first().click();
  const preview = page.getByRole('dialog', { name: '보고서.txt' });
  await expect(preview.locator('pre')).toHaveText('The report says that all is well.');
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    preview.getByRole('button', { name: 'Download' }).click(),
  ]);
  expect(download.suggestedFilename()).toBe('보고서.txt');
  expect(readFileSync(await download.path(), 'utf8')).toBe('The report says that all is well.');
  await page.keyboard.press('Escape');

  await page.getByRole('button', { name: 'Delete 보고서.txt' }).first().click();
  await page.getByRole('button', { name: 'Delete for good?' }).click();
  await expect(page.getByRole('button', { name: 'Delete 보고서.txt' })).toHaveCount(1);
  await page.reload();
  await expect(page.getByRole('button', { name: 'Delete 보고서.txt' })).toHaveCount(1);
  await page.goBack();
  await expect(chat.log).toContainText('Deleted');
});
