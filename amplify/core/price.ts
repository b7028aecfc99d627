import type { TaskSize } from './task-size.ts';

/**
 * What things cost, with the date on which each price was read. One module serves the cost page, the spending caps
 * and `npm run cost`, so that none of them can disagree. Every amount is an estimate: the bill is AWS's and the
 * provider's.
 */

/** Millionths of a US dollar, a whole number. Rounded up wherever it is rounded, so that a cap is never undercut. */
export type Micros = number;

/** Against sums such as 0.1 + 0.2, which end a hair above a whole number. */
export const roundUp = (micros: number): Micros => Math.max(0, Math.ceil(micros - 1e-6));

export const toMicros = (usd: number): Micros => roundUp(usd * 1_000_000);
export const toUsd = (micros: Micros): number => micros / 1_000_000;

/** US dollars. */
export interface AwsPrices {
  readonly fargate: { readonly vcpuHour: number; readonly gbHour: number };
  readonly publicIpv4Hour: number;
  readonly appsync: {
    readonly perMillionOperations: number;
    readonly perMillionUpdates: number;
    readonly perMillionConnectionMinutes: number;
  };
  readonly dynamodb: {
    readonly perMillionWrites: number;
    readonly perMillionReads: number;
    readonly gbMonth: number;
  };
  readonly lambda: { readonly perMillionRequests: number; readonly gbSecond: number };
  readonly logsGb: number;
  readonly ecrGbMonth: number;
  readonly s3: { readonly gbMonth: number; readonly perThousandPuts: number };
  /** A minute of the smallest ARM build. */
  readonly codebuildMinute: number;
  readonly hosting: {
    readonly buildMinute: number;
    readonly gbServed: number;
    readonly gbMonth: number;
  };
  /** To the internet. */
  readonly transferGb: number;
  /** Each a month, for what is there the whole month. */
  readonly cloudwatch: { readonly alarm: number; readonly metric: number; readonly dashboard: number };
  readonly perMillionSchedules: number;
  readonly perMillionQueueRequests: number;
  readonly perThousandMails: number;
  readonly perTenThousandDecryptions: number;
  /** Cognito, who signed in within a month. */
  readonly activeUser: number;
}

/**
 * When the prices below were read, and where AWS keeps the present ones. They were read at second hand, in notes of
 * 2026: nobody has compared them with these pages.
 */
const asOf = '2026-11-25';
const sources = [
  'https://aws.amazon.com/fargate/pricing/',
  'https://aws.amazon.com/vpc/pricing/',
  'https://aws.amazon.com/appsync/pricing/',
  'https://aws.amazon.com/dynamodb/pricing/on-demand/',
  'https://aws.amazon.com/lambda/pricing/',
  'https://aws.amazon.com/cloudwatch/pricing/',
  'https://aws.amazon.com/ecr/pricing/',
  'https://aws.amazon.com/s3/pricing/',
  'https://aws.amazon.com/codebuild/pricing/',
  'https://aws.amazon.com/amplify/pricing/',
  'https://aws.amazon.com/ec2/pricing/on-demand/',
  'https://aws.amazon.com/eventbridge/pricing/',
  'https://aws.amazon.com/sqs/pricing/',
  'https://aws.amazon.com/sns/pricing/',
  'https://aws.amazon.com/kms/pricing/',
  'https://aws.amazon.com/cognito/pricing/',
] as const;

const everywhere = {
  publicIpv4Hour: 0.005,
  appsync: { perMillionOperations: 4, perMillionUpdates: 2, perMillionConnectionMinutes: 0.08 },
  lambda: { perMillionRequests: 0.2, gbSecond: 0.0000133334 },
  ecrGbMonth: 0.1,
  codebuildMinute: 0.0034,
  hosting: { buildMinute: 0.01, gbServed: 0.15, gbMonth: 0.023 },
  cloudwatch: { alarm: 0.1, metric: 0.3, dashboard: 3 },
  perMillionSchedules: 1,
  perMillionQueueRequests: 0.4,
  perThousandMails: 0.02,
  perTenThousandDecryptions: 0.03,
  activeUser: 0.015,
} as const;

const virginia: AwsPrices = {
  ...everywhere,
  fargate: { vcpuHour: 0.03238, gbHour: 0.00356 },
  dynamodb: { perMillionWrites: 0.625, perMillionReads: 0.125, gbMonth: 0.25 },
  logsGb: 0.5,
  s3: { gbMonth: 0.023, perThousandPuts: 0.005 },
  transferGb: 0.09,
};

const seoul: AwsPrices = {
  ...everywhere,
  fargate: { vcpuHour: 0.03725, gbHour: 0.00409 },
  dynamodb: { perMillionWrites: 0.68, perMillionReads: 0.136, gbMonth: 0.27075 },
  logsGb: 0.76,
  s3: { gbMonth: 0.025, perThousandPuts: 0.005 },
  transferGb: 0.126,
};

/** Fargate prices are those of ARM64 on Linux, on demand. */
const byRegion: Readonly<Record<string, AwsPrices>> = {
  'us-east-1': virginia,
  'us-west-2': virginia,
  'ap-northeast-2': seoul,
};

/** Regions whose prices were read. */
export const pricedRegions: readonly string[] = Object.keys(byRegion);

/** A region that nobody has read the prices of counts as the dearest that is known; `isOwn` tells. */
export function awsPricesOf(region: string): {
  prices: AwsPrices;
  isOwn: boolean;
  /** ISO date. */
  asOf: string;
  sources: readonly string[];
} {
  const own = byRegion[region];
  return { prices: own ?? seoul, isOwn: own !== undefined, asOf, sources };
}

/** AWS takes 50 to 70 % off for Spot, changing from day to day. What is booked assumes the smaller discount. */
export const spotDiscounts = [0.5, 0.7] as const;

/** US dollars for an hour of a task, without its address. */
export function computeHour(prices: AwsPrices, size: TaskSize, discount = 0): number {
  const { vcpuHour, gbHour } = prices.fargate;
  return (1 - discount) * ((size.cpu / 1024) * vcpuHour + (size.memory / 1024) * gbHour);
}

/** What a second of a task is booked at, US dollars: compute and its public IPv4 address. */
export function taskSecondUsd(
  prices: AwsPrices,
  size: TaskSize,
  capacity: 'FARGATE' | 'FARGATE_SPOT',
): number {
  const discount = capacity === 'FARGATE_SPOT' ? spotDiscounts[0] : 0;
  return (computeHour(prices, size, discount) + prices.publicIpv4Hour) / 3600;
}
