// `npm run bench:scale`: 10,000 owners, 1 million conversations and 100 messages a second, in simulated time, over the
// core and the DynamoDB adapters.
import { fileURLToPath } from 'node:url';
import { writePage } from '../page.ts';
import { type Load, type Simulated, simulate } from './simulate.ts';

const page = fileURLToPath(new URL('../../../docs/performance.md', import.meta.url));
const small: Load = { owners: 1_000, conversationsEach: 10, perSecond: 100, seconds: 60 };
const large: Load = { owners: 10_000, conversationsEach: 100, perSecond: 100, seconds: 60 };
const results: (Simulated & { load: Load })[] = [];
for (const load of [small, large]) {
  results.push({ load, ...(await simulate(load)) });
}
const row = (name: string, of: (result: (typeof results)[number]) => string | number) =>
  `| ${name} | ${results.map(of).join(' | ')} |`;
const per = (total: number, messages: number) => (total / messages).toFixed(2);
const table = [
  row(
    'owners, conversations',
    ({ load }) =>
      `${load.owners.toLocaleString('en')}, ${(load.owners * load.conversationsEach).toLocaleString('en')}`,
  ),
  '|---|---|---|',
  row('messages accepted and answered', ({ answered, sent }) => `${answered} of ${sent}`),
  row('tasks started', ({ tasks }) => tasks),
  row('owners with two tasks at a time', ({ doubleStarts }) => doubleStarts),
  row('write units a message', ({ used, sent }) => per(used.writes, sent)),
  row('read units a message', ({ used, sent }) => per(used.reads, sent)),
  row('requests a message', ({ used, sent }) =>
    per(
      Object.values(used.calls).reduce((a, b) => a + b, 0),
      sent,
    ),
  ),
  row('scans', ({ used }) => used.calls.Scan ?? 0),
  row('busiest partition key, write units a second', ({ busiest }) => `${busiest.units} (${busiest.key})`),
].join('\n');
process.stdout.write(`${table}\n`);
writePage(page, { scale: table });
const faults = results.flatMap(({ answered, sent, doubleStarts }) => [
  ...(answered < sent ? [`${sent - answered} messages were not answered`] : []),
  ...(doubleStarts > 0 ? [`${doubleStarts} owners had two tasks at a time`] : []),
]);
for (const fault of faults) process.stderr.write(`bench:scale: ${fault}\n`);
process.exit(faults.length > 0 ? 1 : 0);
