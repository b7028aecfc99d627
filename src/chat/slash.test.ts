import { expect, test } from 'vitest';
import { slashText } from './slash.ts';

test.each([
  ['/', ''],
  ['/st', 'st'],
  ['/keep-awake', 'keep-awake'],
  // As a phone's keyboard writes it.
  ['/new ', 'new'],
  ['/새', '새'],
])('%j may begin a command', (text, query) => {
  expect(slashText(text)).toEqual({ word: query, argument: null });
});

test.each(['', 'new', ' /new', '/new\n', '/etc/hosts', '//', '/new one', 'a /new', '/new  '])(
  '%j is text',
  (text) => {
    expect(slashText(text)).toBeNull();
  },
);

test('a word may follow a command that takes one', () => {
  expect(slashText('/model ')).toEqual({ word: 'model', argument: '' });
  expect(slashText('/Model opus')).toEqual({ word: 'model', argument: 'opus' });
  for (const text of ['/model opus is fine', '/model\nopus', '/models opus'])
    expect(slashText(text)).toBeNull();
});
