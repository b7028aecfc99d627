import { expect, test } from './fixture.ts';

test('휴대전화에서 한국어로 가입하고, 보내고, 깨어나는 모습과 답을 본다', async ({ signIn, chat, page }) => {
  await signIn.open();
  await expect(page.locator('html')).toHaveAttribute('lang', 'ko');
  await signIn.signUp();
  await chat.isOpen();
  await chat.send('안녕하세요, 반갑습니다');
  const phases = await chat.wakePhases();
  expect(phases.length, phases.join(' | ')).toBeGreaterThanOrEqual(1);
  await expect(chat.answer).toContainText('“안녕하세요, 반갑습니다”', { timeout: 60_000 });
  await chat.isDone();

  const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  expect(await overflow(), 'nothing is wider than the screen').toBeLessThanOrEqual(0);
  await chat.signOut();
  await expect(page.getByRole('tab', { name: chat.words.createAccount })).toBeVisible();
});
