import { type Figure, median, percentile, rounded, table } from './figures.ts';
import type { Ratios } from './gate.ts';
import type { Figures } from './plan.ts';
import type { Wake } from './product.ts';

const list = <T>(items: readonly T[] | undefined, value: (item: T) => number): number[] =>
  (items ?? []).map(value).filter((each) => !Number.isNaN(each));
const figure = (name: string, unit: Figure['unit'], values: readonly number[]): Figure => ({
  name,
  unit,
  values,
});

/** The generated parts of docs/performance.md, by their names there. Only what was measured. */
export function pageParts(figures: Figures, machine: string): Record<string, string> {
  const { product, openclaw, image, web } = figures;
  return {
    machine,
    ...(product && {
      cold: wakes(product.cold, product.oneCore),
      memory: memory(figures),
      start: start(figures),
    }),
    ...(openclaw && { plain: plain(openclaw.plain) }),
    ...(product && openclaw && { warm: warm(figures) }),
    ...(figures.function && { function: functionTable(figures) }),
    ...(figures.restore && { restore: restore(figures.restore) }),
    ...(image && { image: layers(figures) }),
    ...(figures.month && { month: month(figures.month) }),
    ...(web && { web: webTable(web) }),
  };
}

function wakes(two: readonly Wake[], one: readonly Wake[]): string {
  const rows = (all: readonly Wake[], where: string) => [
    figure(
      `accepted${where}`,
      'ms',
      list(all, ({ accepted }) => accepted),
    ),
    figure(
      `task running${where}`,
      'ms',
      list(all, ({ phases }) => phases.starting ?? Number.NaN),
    ),
    figure(
      `OpenClaw ready${where}`,
      'ms',
      list(all, ({ phases }) => phases.ready ?? Number.NaN),
    ),
    figure(
      `first token${where}`,
      'ms',
      list(all, ({ firstToken }) => firstToken),
    ),
    figure(`process start to first token${where}`, 'ms', list(all, ownTime)),
    figure(
      `CPU of the task until then${where}`,
      's of CPU',
      list(all, ({ cpuSeconds }) => cpuSeconds),
    ),
  ];
  return table([...rows(two, ''), ...rows(one, ', one core')]);
}

/** From the task's own beginning: what lies before it is the machine's way to start tasks, not ours. */
const ownTime = ({ firstToken, phases }: Wake): number => firstToken - (phases.starting ?? Number.NaN);

const plain = (runs: NonNullable<Figures['openclaw']>['plain']): string =>
  table([
    figure(
      'process start to connection',
      'ms',
      list(runs, ({ connected }) => connected),
    ),
    figure(
      'process start to first token',
      'ms',
      list(runs, ({ firstToken }) => firstToken),
    ),
    figure(
      'CPU until then',
      's of CPU',
      list(runs, ({ cpuSeconds }) => cpuSeconds),
    ),
    figure(
      'peak memory until then',
      'MB',
      list(runs, ({ peakMemory }) => peakMemory),
    ),
  ]);

function overhead({ product, openclaw }: Figures, percent: number, of: 'firstToken' | 'finished'): number {
  const times = (all: readonly { firstToken: number; finished: number }[] | undefined) =>
    list(all, (each) => each[of]);
  return percentile(times(product?.warm), percent) - percentile(times(openclaw?.warm), percent);
}

function warm(figures: Figures): string {
  const { product, openclaw } = figures;
  const added = (of: 'firstToken' | 'finished') =>
    `p50 ${rounded(overhead(figures, 50, of))} ms, p95 ${rounded(overhead(figures, 95, of))} ms`;
  return `${table([
    figure(
      'first token, through the product',
      'ms',
      list(product?.warm, ({ firstToken }) => firstToken),
    ),
    figure(
      'first token, OpenClaw alone',
      'ms',
      list(openclaw?.warm, ({ firstToken }) => firstToken),
    ),
    figure(
      'whole answer, through the product',
      'ms',
      list(product?.warm, ({ finished }) => finished),
    ),
    figure(
      'whole answer, OpenClaw alone',
      'ms',
      list(openclaw?.warm, ({ finished }) => finished),
    ),
  ])}

The product adds ${added('firstToken')} to the first token, and ${added('finished')} to the whole answer.`;
}

const memory = ({ product }: Figures): string =>
  table([
    figure(
      'peak',
      'MB',
      list([...(product?.cold ?? []), ...(product?.oneCore ?? [])], (each) => each.peakMemory),
    ),
  ]);

function restore({ small, large }: NonNullable<Figures['restore']>): string {
  const rows = [
    figure('a state of 10 kB', 'ms', small),
    figure('a state of 50 MB', 'ms', large),
    figure(
      'what 50 MB add',
      'ms',
      large.map((each, at) => each - (small[at] ?? Number.NaN)),
    ),
  ];
  return table(rows);
}

function month(all: NonNullable<Figures['month']>): string {
  const usd = (amount: number) => `${amount.toFixed(2)} $`;
  return [
    '| capacity | compute and address | all other lines | together | other lines within the free tier | together |',
    '|---|---|---|---|---|---|',
    ...all.map(
      ({ capacity, compute, rest, restWithinFreeTier }) =>
        `| ${[capacity, usd(compute), usd(rest), usd(compute + rest), usd(restWithinFreeTier), usd(compute + restWithinFreeTier)].join(' | ')} |`,
    ),
  ].join('\n');
}

const start = ({ product }: Figures): string => table([figure('local stack', 'ms', product?.starts ?? [])]);

const functionTable = ({ function: send }: Figures): string =>
  table([
    figure('bundle', 'kB', send ? [send.bundle] : []),
    figure('start until it can be called', 'ms', send?.init ?? []),
  ]);

const webTable = ({ signIn, chat, typing }: NonNullable<Figures['web']>): string =>
  table([
    figure('largest paint, sign-in page', 'ms', signIn),
    figure('largest paint, a conversation', 'ms', chat),
    figure('slowest key press while an answer streams', 'ms', typing),
  ]);

function layers({ image }: Figures): string {
  const rows = (image ?? []).map(
    ({ name, megabytes }) =>
      `| ${name} | ${Number.isNaN(megabytes) ? 'not measured' : `${megabytes.toFixed(1)} MB`} |`,
  );
  const sum = (image ?? []).reduce((total, { megabytes }) => total + megabytes, 0);
  return [
    '| layer | zstd, level 3 |',
    '|---|---|',
    ...rows,
    `| together | ${Number.isNaN(sum) ? 'not measured: the system’s layer takes root and debootstrap' : `${sum.toFixed(1)} MB`} |`,
  ].join('\n');
}

/** What one run is compared with another by. Only what was measured. */
export function ratiosOf(figures: Figures): Ratios {
  const { product, openclaw, function: send, image } = figures;
  const ratios: Record<string, number> = {
    'cold wake / plain OpenClaw, to the first token':
      median(list(product?.cold, ownTime)) / median(list(openclaw?.plain, ({ firstToken }) => firstToken)),
    'CPU of a cold wake / plain OpenClaw':
      median(list(product?.cold, (each) => each.cpuSeconds)) /
      median(list(openclaw?.plain, (each) => each.cpuSeconds)),
    'warm first token / OpenClaw alone':
      median(list(product?.warm, ({ firstToken }) => firstToken)) /
      median(list(openclaw?.warm, ({ firstToken }) => firstToken)),
    'memory of a session, MB': median(list(product?.cold, ({ peakMemory }) => peakMemory)),
    'send-message bundle, kB': send?.bundle ?? Number.NaN,
    'packages of the image, MB': image?.find(({ name }) => name === 'packages')?.megabytes ?? Number.NaN,
  };
  return Object.fromEntries(Object.entries(ratios).filter(([, value]) => !Number.isNaN(value)));
}
