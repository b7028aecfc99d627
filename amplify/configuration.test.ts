import { expect, test } from 'vitest';
import { readConfiguration } from './configuration.ts';

const read = (variables: Record<string, string> = {}) =>
  readConfiguration(
    Object.fromEntries(
      Object.entries(variables).map(([name, value]) => [`SERVERLESS_OPENCLAW_${name}`, value]),
    ),
  );

test('says everything where nothing is set, but leaves sign-up to where it runs', () => {
  expect(read()).toEqual({
    signUp: undefined,
    taskSizes: { usual: { cpu: 1024, memory: 2048 }, largest: { cpu: 2048, memory: 4096 } },
    idleSeconds: 600,
    longestSessionHours: 12,
    capacityPolicy: 'spot-first',
    limits: { messagesPerMinute: 20, messagesPerHour: 200, messagesPerDay: 1_000, tasksPerDay: 100 },
    modelReach: 'public',
    caps: {
      ...{ dayMicros: 5_000_000, monthMicros: 50_000_000, stopped: false },
      ...{ totalDayMicros: 20_000_000, totalMonthMicros: 200_000_000 },
    },
    logDays: 7,
    egressPorts: [443, 80],
    alertEmail: undefined,
    budgetDollars: 10,
    alarmTaskHours: 12,
    webOrigins: [],
  });
});

test('takes what is set; an empty variable is not set', () => {
  expect(read({ TASK_CPU: '2048', TASK_MEMORY: '8192', EGRESS_PORTS: 'all', LOG_DAYS: '' })).toMatchObject({
    taskSizes: { usual: { cpu: 2048, memory: 8192 } },
    egressPorts: 'all',
    logDays: 7,
  });
});

test('names every fault at once', () => {
  const faulty = {
    SIGN_UP: 'maybe',
    TASK_CPU: '100',
    IDLE_SECONDS: '1',
    DAY_CAP_USD: '-1',
    SPENDING: 'yes',
    LOG_DAYS: '8',
    EGRESS_PORTS: '443,x',
    ALERT_EMAIL: 'nobody',
    BUDGET_USD: '-1',
    ALARM_TASK_HOURS: 'many',
    WEB_ORIGINS: 'https://a.example/, b.example',
    SIGNUP: 'open',
  };
  let message = '';
  try {
    read(faulty);
  } catch (error) {
    message = (error as Error).message;
  }
  for (const name of Object.keys(faulty)) expect(message).toContain(`SERVERLESS_OPENCLAW_${name}`);
});

test('refuses a size that Fargate does not have', () => {
  expect(() => read({ TASK_CPU: '512', TASK_MEMORY: '8192' })).toThrow(/OPENCLAW_TASK_MEMORY/);
  expect(() => read({ LARGEST_TASK_CPU: '4096', LARGEST_TASK_MEMORY: '4096' })).toThrow(
    /LARGEST_TASK_MEMORY/,
  );
});

test('the largest task that people may choose is never smaller than the usual one', () => {
  const largest = (variables: Record<string, string>) => read(variables).taskSizes.largest;
  expect(largest({ TASK_CPU: '4096', TASK_MEMORY: '8192' })).toEqual({ cpu: 4096, memory: 8192 });
  expect(largest({ TASK_MEMORY: '8192' })).toEqual({ cpu: 1024, memory: 8192 });
  expect(largest({ LARGEST_TASK_CPU: '1024' })).toEqual({ cpu: 1024, memory: 2048 });
  expect(largest({ LARGEST_TASK_CPU: '4096', LARGEST_TASK_MEMORY: '16384' })).toEqual({
    cpu: 4096,
    memory: 16_384,
  });
  const small = { LARGEST_TASK_CPU: '1024', LARGEST_TASK_MEMORY: '2048' };
  expect(() => read({ ...small, TASK_CPU: '2048', TASK_MEMORY: '4096' })).toThrow(/LARGEST_TASK_CPU/);
});
