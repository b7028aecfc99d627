import { expect, test } from 'vitest';
import { slashQuery } from './slash.ts';

test.each([
  ['/', ''],
  ['/st', 'st'],
  ['/keep-awake', 'keep-awake'],
  // As a phone's keyboard writes it.
  ['/new ', 'new'],
  ['/새', '새'],
])('%j may begin a command', (text, query) => {
  expect(slashQuery(text)).toBe(query);
});

test.each(['', 'new', ' /new', '/new\n', '/etc/hosts', '//', '/new one', 'a /new', '/new  '])(
  '%j is text',
  (text) => {
    expect(slashQuery(text)).toBeNull();
  },
);
