import { type Charge, lineUsd, monthlyCost, totalUsd } from '../../../amplify/core/monthly-cost.ts';
import { assumptions } from '../../../amplify/core/monthly-use.ts';
import { awsPricesOf, spotDiscounts } from '../../../amplify/core/price.ts';
import type { CostQuestion } from './options.ts';

const capacities = [
  ...spotDiscounts.toReversed().map((discount) => ({ name: `Spot, ${discount * 100} % off`, discount })),
  { name: 'On-Demand', discount: 0 },
];

const usd = (amount: number) => amount.toFixed(3);
const count = (quantity: number) =>
  quantity.toLocaleString('en-US', { maximumFractionDigits: quantity < 100 ? 2 : 0 });
const quantities = (charges: readonly Charge[]) =>
  charges
    .map(({ what, quantity }) => `${count(quantity)} ${quantity === 1 ? what.replace(/s$/, '') : what}`)
    .join(', ');
/** `kbOutAModelCall`: kB out a model call. */
const words = (name: string) =>
  name
    .replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
    .replaceAll(/\b[kmg]b\b/g, (unit) => (unit === 'kb' ? 'kB' : unit.toUpperCase()));
const row = (name: string, full: number, free: number, more = '') =>
  `${name.padEnd(40)}${usd(full).padStart(9)}${usd(free).padStart(12)}${more && `   ${more}`}`;

/** The answer as text: each line at full price and within the free tier, totals, what is assumed. */
export function reportOf({ region, size, use }: CostQuestion): string {
  const { prices, asOf } = awsPricesOf(region);
  const months = capacities.map(({ name, discount }) => ({
    name,
    month: monthlyCost(prices, size, use, discount),
  }));
  const [first] = months;
  if (!first) throw new Error('There is no capacity');
  const [, ...others] = first.month.lines;
  const compute = months.flatMap(({ name, month }) =>
    month.lines
      .slice(0, 1)
      .map((line) =>
        row(`${line.name}, ${name}`, lineUsd(line, false), lineUsd(line, true), quantities(line.charges)),
      ),
  );
  return [
    `${region}. Users: ${use.users}; each a day: hours of use ${use.hoursADay}, sessions ${use.sessionsADay}.`,
    `Task hours in ${use.days} days: ${first.month.taskHours.toFixed(1)}.`,
    `Tasks of ${size.cpu / 1024} vCPU and ${size.memory / 1024} GB, ARM64. US dollars a month, without the model. Prices of ${asOf}.`,
    '',
    `${''.padEnd(40)}${'full'.padStart(9)}${'free tier'.padStart(12)}`,
    ...compute,
    ...others.map((line) =>
      row(line.name, lineUsd(line, false), lineUsd(line, true), quantities(line.charges)),
    ),
    '',
    ...months.map(({ name, month }) => row(`Total, ${name}`, totalUsd(month, false), totalUsd(month, true))),
    '',
    'Assumed:',
    `  a session: ${use.messagesASession} messages, boot ${use.bootMinutes} + quiet ${use.idleMinutes} + leaving ${use.drainMinutes} minutes beside its use`,
    `  a message: ${use.answerSeconds} deltas (an answer of ${use.answerSeconds} s)`,
    ...Object.entries(assumptions).map(([name, value]) => `  ${words(name)}: ${value}`),
    '',
    'An estimate: prices were read at second hand and compared with no AWS page; no bill has been seen. docs/cost.md',
    '',
  ].join('\n');
}
