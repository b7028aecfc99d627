import { expect, test } from 'vitest';
import { freeTier } from './free-tier.ts';
import { lineUsd, monthlyCost, totalUsd } from './monthly-cost.ts';
import { taskHoursOf, type Use } from './monthly-use.ts';
import { awsPricesOf, pricedRegions } from './price.ts';

const size = { cpu: 1024, memory: 2048 };
const use: Use = {
  users: 1,
  hoursADay: 2,
  sessionsADay: 4,
  messagesASession: 10,
  answerSeconds: 30,
  bootMinutes: 1.5,
  idleMinutes: 10,
  drainMinutes: 1,
  days: 30,
};
const virginia = awsPricesOf('us-east-1').prices;
const named = (month: ReturnType<typeof monthlyCost>, name: string) => {
  const line = month.lines.find((each) => each.name === name);
  if (!line) throw new Error(`There is no line ${name}`);
  return line;
};

test('hours of tasks hold what each session takes beside its use, and a minute at least', () => {
  expect(taskHoursOf(use)).toBeCloseTo(85, 8);
  expect(taskHoursOf({ ...use, users: 3 })).toBeCloseTo(255, 8);
  const short = { ...use, hoursADay: 0, bootMinutes: 0, idleMinutes: 0, drainMinutes: 0 };
  expect(taskHoursOf(short)).toBeCloseTo(120 / 60, 8);
});

test('a month of two hours a day in four sessions, line by line', () => {
  const month = monthlyCost(virginia, size, use, 0.7);
  const lines = Object.fromEntries(month.lines.map((line) => [line.name, lineUsd(line, false).toFixed(4)]));
  // Worked out by hand: 120 sessions, 1,200 messages, 36,000 deltas, 10,200 pulls, 8,640 sweeps, 43,200 looks for schedules.
  expect(lines).toEqual({
    Fargate: '1.0073', // 85 h × 0.3 × (0.03238 + 2 × 0.00356)
    'Public IPv4': '0.4250', // 85 × 0.005
    AppSync: '0.4621', // 90,720 × 4 + 49,200 × 2 + 10,200 × 0.08, a million
    DynamoDB: '0.1623', // 142,200 × 0.625 + 187,800 × 0.125, a million; 0.2 GB × 0.25
    Lambda: '0.0917', // 58,560 × 0.2 a million + 6,000 GB-s
    'CloudWatch Logs': '0.0352', // 70.32 MB × 0.5 a GB
    'CloudWatch alarms, metrics, dashboard': '5.0000', // 5 × 0.1 + 5 × 0.3 + 3
    ECR: '0.0390',
    CodeBuild: '0.0680',
    'Amplify Hosting': '0.4185', // 40 × 0.01 + 0.12 × 0.15 + 0.02 × 0.023
    S3: '0.0307', // 0.5 × 0.023 + 3,840 × 0.005 a thousand
    'Data to the internet': '0.0756', // 0.84 GB × 0.09
    'EventBridge Scheduler': '0.0518', // 51,840 × 1 a million
    SQS: '0.0000',
    SNS: '0.0002',
    'KMS (AWS’s key of SSM)': '0.0018',
    Cognito: '0.0150',
  });
  expect(totalUsd(month, false)).toBeCloseTo(7.8842, 3);
});

test('the free tier takes off what every account has, down to nothing and no further', () => {
  const month = monthlyCost(virginia, size, use, 0.7);
  const free = month.lines.filter((line) => lineUsd(line, true) === 0).map(({ name }) => name);
  expect(free).toContain('Lambda');
  expect(free).toContain('CloudWatch alarms, metrics, dashboard');
  for (const name of ['Fargate', 'Public IPv4', 'AppSync', 'ECR', 'Amplify Hosting', 'S3']) {
    expect(lineUsd(named(month, name), true)).toBe(lineUsd(named(month, name), false));
  }
  const crowd = named(monthlyCost(virginia, size, { ...use, users: 1_000 }, 0.7), 'DynamoDB');
  expect(lineUsd(crowd, false) - lineUsd(crowd, true)).toBeCloseTo(freeTier.tableGb * 0.25, 8);
});

test.each(pricedRegions)(
  'in %s only the task is dearer On-Demand, and a month without use has no task',
  (region) => {
    const { prices } = awsPricesOf(region);
    const [spot, onDemand] = [0.5, 0].map((discount) => monthlyCost(prices, size, use, discount));
    expect(onDemand?.lines.slice(1)).toEqual(spot?.lines.slice(1));
    const hour = prices.fargate.vcpuHour + 2 * prices.fargate.gbHour;
    expect(totalUsd(onDemand as never, false) - totalUsd(spot as never, false)).toBeCloseTo(42.5 * hour, 8);
    const idle = monthlyCost(prices, size, { ...use, hoursADay: 0, sessionsADay: 0 }, 0);
    for (const name of ['Fargate', 'Public IPv4', 'AppSync', 'Data to the internet']) {
      expect(lineUsd(named(idle, name), false)).toBe(0);
    }
  },
);
