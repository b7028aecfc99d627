import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readConfiguration } from './configuration.ts';
import { modelDefault, providers } from './core/settings.ts';

const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');
const guide = read('docs/deploy.md');

test('the guide lists every setting that there is, and none that is not', () => {
  const named = new Set([...guide.matchAll(/SERVERLESS_OPENCLAW_([A-Z_]+)/g)].map(([, name]) => name ?? ''));
  const source = read('amplify/configuration.ts');
  const known = [...source.matchAll(/^ {4}([A-Z_]+): (?:z|count|cpuUnits|dollars)\b/gm)].map(
    ([, name]) => name,
  );
  expect(known.length).toBeGreaterThan(5);
  expect([...named].sort()).toEqual(known.sort());
});

test('the defaults of the guide are those that count when nothing is set', () => {
  const row = (name: string) =>
    new RegExp(`SERVERLESS_OPENCLAW_${name}\` \\|.*\\| (\\S+) \\|$`, 'm').exec(guide)?.[1];
  const defaults = readConfiguration({});
  expect([row('TASK_CPU'), row('TASK_MEMORY'), row('IDLE_SECONDS')]).toEqual(
    [defaults.taskSizes.usual.cpu, defaults.taskSizes.usual.memory, defaults.idleSeconds].map(String),
  );
  const { largest } = defaults.taskSizes;
  expect([row('LARGEST_TASK_CPU'), row('LARGEST_TASK_MEMORY')]).toEqual(
    [largest.cpu, largest.memory].map(String),
  );
  expect([row('CAPACITY_POLICY'), row('LOG_DAYS'), row('EGRESS_PORTS')]).toEqual(
    [defaults.capacityPolicy, defaults.logDays, defaults.egressPorts].map(String),
  );
  const { limits } = defaults;
  expect(
    ['MESSAGES_PER_MINUTE', 'MESSAGES_PER_HOUR', 'MESSAGES_PER_DAY', 'TASKS_PER_DAY'].map((name) =>
      row(name),
    ),
  ).toEqual(
    [limits.messagesPerMinute, limits.messagesPerHour, limits.messagesPerDay, limits.tasksPerDay].map(String),
  );
  expect([row('BUDGET_USD'), row('ALARM_TASK_HOURS')]).toEqual(
    [defaults.budgetDollars, defaults.alarmTaskHours].map(String),
  );
});

test('the model of the guide is one that a task would get', () => {
  const [, example = ''] = /```json\n([\s\S]*?)```/.exec(guide) ?? [];
  expect(modelDefault.safeParse(JSON.parse(example)).success).toBe(true);
  for (const provider of providers) expect(guide).toContain(`\`${provider}\``);
});

test('the guide never puts a key on a command line', () => {
  const values = [...guide.matchAll(/--value (\S+)/g)].map(([, value]) => value ?? '');
  expect(values.length).toBeGreaterThan(1);
  expect(values.filter((value) => !value.startsWith('file://'))).toEqual([]);
});
