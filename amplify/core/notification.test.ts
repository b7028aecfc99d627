import { describe, expect, test } from 'vitest';
import { isNews, newsKey } from './news.ts';
import { notificationText } from './notification.ts';

const answered = { status: 'answered', answer: 'The code is **4711**.' } as const;
const plain = { language: 'en', showsText: false, title: 'Door' } as const;

describe('a notification', () => {
  test('says nothing of the conversation unless that is allowed', () => {
    expect(notificationText(answered, plain)).toEqual({ title: 'OpenClaw', body: 'Your answer is ready.' });
    expect(notificationText(answered, { ...plain, showsText: true })).toEqual({
      title: 'Door',
      body: 'The code is 4711.',
    });
    expect(notificationText(answered, { ...plain, language: 'ko' }).body).toBe('답변이 준비되었습니다.');
  });

  test('shows how the answer begins in plain words, and no half of a character', () => {
    const shown = (answer: string) =>
      notificationText({ status: 'answered', answer }, { ...plain, showsText: true }).body;
    expect(shown('## Result\n\n- [the list](https://example.com/x_y)\n- `my_file.txt`')).toBe(
      'Result the list my_file.txt',
    );
    expect(shown('```sh\nls -l\n```\nThat lists them.')).toBe('ls -l That lists them.');
    expect(shown('🦞'.repeat(200))).toBe(`${'🦞'.repeat(139)}…`);
    expect(shown(' ')).toBe('Your answer is ready.');
  });

  test('of a message that failed or was cut off says that', () => {
    const said = (status: 'failed' | 'interrupted') =>
      notificationText({ status, answer: 'half a' }, { ...plain, showsText: true }).body;
    expect(said('failed')).toBe('Your message could not be answered.');
    expect(said('interrupted')).toBe('The answer was cut off.');
  });

  test('of a command that waits for a word shows the command only where that is allowed', () => {
    const approval = {
      id: 'a',
      command: 'npm test &&\n npm run deploy',
      requestedAt: '2026-05-01T09:00:00.000Z',
    };
    const asking = { status: 'working', answer: 'Let me', approval } as const;
    expect(notificationText(asking, plain)).toEqual({
      title: 'OpenClaw',
      body: 'A command waits for your approval.',
    });
    expect(notificationText(asking, { ...plain, showsText: true })).toEqual({
      title: 'Door',
      body: 'Allow this command? npm test && npm run deploy',
    });
    expect(isNews({ ...asking, channel: 'web' })).toBe(true);
    const decided = { ...approval, decision: 'deny' } as const;
    expect(isNews({ ...asking, channel: 'web', approval: decided })).toBe(false);
    const keys = [
      asking,
      { ...asking, approval: { ...approval, id: 'b' } },
      { ...asking, status: 'answered' } as const,
    ];
    expect(new Set(keys.map((each) => newsKey({ id: '1', attempt: 1, ...each }))).size).toBe(3);
  });

  test('is not made of what its reader stopped, nor of what another channel brings', () => {
    expect(isNews({ status: 'answered', channel: 'web' })).toBe(true);
    expect(isNews({ status: 'stopped', channel: 'web' })).toBe(false);
    expect(isNews({ status: 'working', channel: 'web' })).toBe(false);
    expect(isNews({ status: 'answered', channel: 'telegram' })).toBe(false);
  });
});
