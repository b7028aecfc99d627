import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { awsPricesOf, computeHour } from '../../../amplify/core/price.ts';
import { unusedIdleSeconds } from '../../../amplify/core/settings.ts';
import { questionOf } from './options.ts';
import { reportOf } from './report.ts';

const page = (name: string) =>
  readFileSync(fileURLToPath(new URL(`../../../docs/${name}.md`, import.meta.url)), 'utf8');
const answer = (options: string, environment = {}) => {
  const question = questionOf(options.split(' ').filter(Boolean), environment);
  if (!question) throw new Error('Asked for help');
  return reportOf(question);
};
/** Full price and within the free tier, for each capacity. */
const totals = (report: string) =>
  [...report.matchAll(/^Total, .+?\s(\d+\.\d+)\s+(\d+\.\d+)$/gm)].flatMap(([, full, free]) => [full, free]);

test('docs/cost.md shows what the command prints', () => {
  const blocks = [...page('cost').matchAll(/```text\n\$ npm run -s cost -- (.*)\n([\s\S]*?)```/g)];
  expect(blocks.length).toBe(1);
  for (const [, options = '', shown] of blocks) expect(shown).toBe(answer(options));
});

test('docs/cost.md compares what the command prints', () => {
  const rows = [...page('cost').matchAll(/^\| .*`(--.*?)` \| (.*) \|$/gm)];
  expect(rows.length).toBeGreaterThan(5);
  for (const [, options = '', cells = ''] of rows) {
    expect([options, ...cells.split(' | ')]).toEqual([options, ...totals(answer(options))]);
  }
});

test('docs/performance.md reckons idle time at the same prices', () => {
  const { prices } = awsPricesOf('us-east-1');
  const minute = (discount: number) =>
    (computeHour(prices, { cpu: 1024, memory: 2048 }, discount) + prices.publicIpv4Hour) / 60;
  const text = page('performance');
  expect(text).toContain(`${(minute(0) * 1_000).toFixed(2)} cents at the end of each session`);
  const month = [0, 0.5, 0.7].map((discount) => (minute(discount) * 1_200).toFixed(1));
  expect(text).toContain(`${month[0]} $ a month On-Demand, ${month[2]} to ${month[1]} $ on Spot`);
  const unused = 1.5 + unusedIdleSeconds / 60 + 1;
  expect(text).toContain(`about ${(minute(0) * unused * 100).toFixed(2)} cents`);
});

test.each([
  ['--region mars', 'The prices of mars are not known.'],
  ['--hours x', '--hours x is no number from 0 to 24.'],
  ['--hours=-1', '--hours -1 is no number from 0 to 24.'],
  ['--hours=', '--hours  is no number from 0 to 24.'],
  ['--hours Infinity', '--hours Infinity is no number from 0 to 24.'],
  ['--sessions 1.5', '--sessions 1.5 is no whole number from 0 to 1000.'],
  ['--sessions 0', '2 hours a day in no session.'],
  ['--hours 24', "One user's tasks would run for 24.8 hours a day."],
  ['--cpu 300', '--cpu: is none of 512, 1024, 2048, 4096'],
  ['--memory 1024', '--memory: is not a size that Fargate has for this --cpu'],
])('%s is refused, and told why', (options, message) => {
  expect(() => answer(options)).toThrow(message);
});

test('an option that does not exist is refused', () => {
  expect(() => answer('--hour 2')).toThrow("Unknown option '--hour'");
});

test('a deployment’s own settings count, until an option says otherwise', () => {
  const own = {
    SERVERLESS_OPENCLAW_TASK_CPU: '2048',
    SERVERLESS_OPENCLAW_TASK_MEMORY: '4096',
    SERVERLESS_OPENCLAW_IDLE_SECONDS: '300',
  };
  expect(answer('', own)).toBe(answer('--cpu 2048 --memory 4096 --idle 5'));
  expect(answer('--cpu 1024 --memory 2048 --idle 10', own)).toBe(answer(''));
  expect(answer('')).not.toBe(answer('', own));
});
