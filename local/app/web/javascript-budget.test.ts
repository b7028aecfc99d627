import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { type Chunk, checkBudgets } from './javascript-budget.ts';

const noise = (length: number) =>
  Array.from({ length }, (_, index) => ((index * 7919) % 9973).toString(36)).join('');
const chunk = (fileName: string, code: string, imports: string[] = []): Chunk => ({
  fileName,
  code,
  imports,
  moduleIds: [`/app/src/${fileName}.tsx`],
});
const kilobytes = (...codes: string[]) =>
  codes.reduce((sum, code) => sum + gzipSync(code).byteLength, 0) / 1000;
const [small, large] = [noise(300), noise(3000)];

test('a visit counts what it imports once, and nothing that is fetched later', () => {
  const chunks = [
    chunk('main', small, ['react']),
    chunk('chat', small, ['react']),
    chunk('react', large),
    chunk('later', large),
  ];
  const budget = { name: 'chat', modules: ['src/main.tsx', 'src/chat.tsx'], limit: 1000 };
  const expected = kilobytes(small, small, large).toFixed(1);
  expect(checkBudgets([budget], chunks)).toEqual([
    `chat: ${expected} kB of JavaScript after gzip, 1000 kB allowed`,
  ]);
});

test('a build that exceeds its budget fails and says by how much', () => {
  const budgets = [
    { name: 'sign-in', modules: ['src/main.tsx'], limit: kilobytes(small) + 0.01 },
    { name: 'chat', modules: ['src/chat.tsx'], limit: kilobytes(large) - 0.01 },
  ];
  const chunks = [chunk('main', small), chunk('chat', large)];
  expect(() => checkBudgets(budgets, chunks)).toThrow(/Too much JavaScript.*\n.*sign-in.*\n.*chat/s);
  expect(checkBudgets(budgets.slice(0, 1), chunks)).toHaveLength(1);
});

test('a module that is in no chunk is a fault, not a saving', () => {
  expect(() => checkBudgets([{ name: 'x', modules: ['src/gone.tsx'], limit: 1 }], [])).toThrow(/gone/);
});
