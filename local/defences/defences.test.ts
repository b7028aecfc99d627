import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { takeAway } from './defence.ts';
import { defences } from './defences.ts';

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

describe('The list of defences', () => {
  test.each(defences.map((defence) => [defence.name, defence] as const))(
    'finds %s where it stands',
    (_, defence) => {
      const whole = read(defence.file);
      expect(takeAway(whole, defence)).not.toBe(whole);
      expect(read(defence.test.file).length).toBeGreaterThan(0);
    },
  );

  test('is the one of docs/threats.md', () => {
    const [, table = ''] = read('docs/threats.md').split('## Taken away, and seen');
    const named = [...table.matchAll(/^\| ([^|]+) \| `([^`]+)` \|/gm)].map(
      ([, name, file]) => `${name}: ${file}`,
    );
    expect(named).toEqual(defences.map(({ name, file }) => `${name}: ${file}`));
  });

  test('refuses what stands there no more, or more than once', () => {
    const [defence] = defences;
    if (!defence) throw new Error('no defences');
    expect(() => takeAway('', defence)).toThrow(defence.name);
    expect(() => takeAway(defence.from + defence.from, defence)).toThrow(/2 times/);
  });
});
