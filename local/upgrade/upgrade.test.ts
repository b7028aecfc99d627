import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import openclaw from '../../container/package.json' with { type: 'json' };
import root from '../../package.json' with { type: 'json' };
import { compareBoots, typical } from './boots.ts';
import { protocolFor } from './versions.ts';

const published = ['2026.8.30', '2026.9.1', '2026.9.10-beta.1', '2026.9.10', '2026.10.2'];

test('the protocol that goes with an OpenClaw is the newest release that is not newer', () => {
  expect(protocolFor('2026.9.6', published)).toBe('2026.9.1');
  expect(protocolFor('2026.9.10', published)).toBe('2026.9.10');
  expect(protocolFor('2026.10.1', published)).toBe('2026.9.10');
  expect(() => protocolFor('2025.1.1', published)).toThrow('no version up to 2025.1.1');
});

test('the two that are pinned go together', () => {
  const protocol = root.devDependencies['@openclaw/gateway-protocol'];
  expect(protocolFor(openclaw.dependencies.openclaw, [protocol])).toBe(protocol);
});

test('a version that takes a quarter more than the one before does not pass, one run that was slow does', () => {
  const before = typical([
    { ms: 10_000, megabytes: 900 },
    { ms: 30_000, megabytes: 910 },
    { ms: 11_000, megabytes: 920 },
  ]);
  expect(before).toEqual({ ms: 11_000, megabytes: 910 });
  expect(compareBoots(before, { ms: 12_000, megabytes: 880 })).toEqual({
    lines: ['boot: 11.0 → 12.0 s (+9 %)', 'memory: 910 → 880 MB (-3 %)'],
    grown: [],
  });
  expect(compareBoots(before, { ms: 14_000, megabytes: 880 }).grown).toEqual(['boot: 11.0 → 14.0 s (+27 %)']);
  expect(compareBoots(before, { ms: 11_000, megabytes: 1200 }).grown).toHaveLength(1);
});

test('the command says what it does, and does nothing without one version', () => {
  const run = (...args: string[]) =>
    execFileSync(process.execPath, [fileURLToPath(new URL('main.ts', import.meta.url)), ...args], {
      encoding: 'utf8',
    });
  expect(run('--help')).toContain('runs the gate');
  expect(() => run()).toThrow();
});
