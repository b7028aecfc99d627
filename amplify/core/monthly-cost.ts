import { freeTier } from './free-tier.ts';
import { assumptions, taskHoursOf, type Use } from './monthly-use.ts';
import { type AwsPrices, computeHour } from './price.ts';
import type { TaskSize } from './task-size.ts';

/**
 * What a month of a deployment costs on AWS, without the model: quantities by assumptions that are shown, times the
 * prices of price.ts. Where something is not known it is taken too large rather than too small.
 */

/** One thing that is charged. `free`: how much of it every account has for nothing. */
export interface Charge {
  readonly what: string;
  readonly quantity: number;
  readonly unitUsd: number;
  readonly free: number;
}

export interface CostLine {
  readonly name: string;
  readonly charges: readonly Charge[];
}

export interface MonthlyCost {
  /** Of all tasks. */
  readonly taskHours: number;
  readonly lines: readonly CostLine[];
}

/** A month with tasks of one size at one discount off On-Demand. */
export function monthlyCost(prices: AwsPrices, size: TaskSize, use: Use, discount: number): MonthlyCost {
  const a = assumptions;
  const taskHours = taskHoursOf(use);
  const sessions = use.users * use.sessionsADay * use.days;
  const messages = sessions * use.messagesASession;
  const deltas = messages * use.answerSeconds;
  const checkpoints = deltas / 2;
  const events = deltas + messages * a.otherEventsAMessage;
  const modelCalls = messages * a.modelCallsAMessage;
  const pulls = (taskHours * 3600) / a.secondsAPull;
  const queries = sessions * a.queriesASession;
  const sweeps = a.sweepsAnHour * 24 * use.days;
  const scheduleRuns = a.scheduleRunsAnHour * 24 * use.days;
  /** At most one a minute of use, and one at the end. */
  const saves = sessions + use.users * use.days * use.hoursADay * 60;
  const calls = messages + sessions * a.functionCallsASession + sweeps + saves;
  const logKb =
    calls * a.logKbAFunctionCall +
    scheduleRuns * a.logKbAScheduleRun +
    sessions * a.logKbASession +
    messages * a.logKbAMessage;
  const kbOut = modelCalls * a.kbOutAModelCall + messages * a.kbOutAMessage;
  const operations = messages + events + checkpoints + modelCalls * 2 + pulls + queries + saves;
  const writes =
    messages * a.writesAMessage +
    checkpoints * a.writesACheckpoint +
    modelCalls * a.writesAModelCall +
    pulls * a.writesAPull;
  const reads =
    messages * a.readsAMessage +
    pulls * a.readsAPull +
    queries * a.readsAQuery +
    sweeps * a.readsASweep +
    scheduleRuns * a.readsAScheduleRun;
  const tableGb = use.users * a.tableGbAUser;
  const line = (name: string, ...charges: readonly [string, number, number, number?][]): CostLine => ({
    name,
    charges: charges.map(([what, quantity, unitUsd, free = 0]) => ({ what, quantity, unitUsd, free })),
  });
  const million = 1_000_000;
  const { appsync, dynamodb, lambda, s3, hosting, cloudwatch } = prices;
  return {
    taskHours,
    lines: [
      line('Fargate', ['task hours', taskHours, computeHour(prices, size, discount)]),
      line('Public IPv4', ['address hours', taskHours, prices.publicIpv4Hour]),
      line(
        'AppSync',
        ['operations', operations, appsync.perMillionOperations / million],
        // The page hears the events, the task its doorbell.
        ['updates', events + messages, appsync.perMillionUpdates / million],
        // The task's connection, and a page that stays open for as long.
        ['connection minutes', taskHours * 60 * 2, appsync.perMillionConnectionMinutes / million],
      ),
      line(
        'DynamoDB',
        ['write units', writes, dynamodb.perMillionWrites / million],
        ['read units', reads, dynamodb.perMillionReads / million],
        ['GB of tables', tableGb, dynamodb.gbMonth, freeTier.tableGb],
        // It is a little cheaper than the table itself.
        ['GB of point-in-time recovery', tableGb, dynamodb.gbMonth],
      ),
      line(
        'Lambda',
        ['calls', calls + scheduleRuns, lambda.perMillionRequests / million, freeTier.lambdaRequests],
        [
          'GB-seconds',
          (calls * a.secondsAFunctionCall + scheduleRuns * a.secondsAScheduleRun) * a.functionGb,
          lambda.gbSecond,
          freeTier.lambdaGbSeconds,
        ],
      ),
      line('CloudWatch Logs', ['GB', logKb / million, prices.logsGb, freeTier.logsGb]),
      line(
        'CloudWatch alarms, metrics, dashboard',
        ['alarms', a.alarms, cloudwatch.alarm, freeTier.alarms],
        ['metrics', a.metrics, cloudwatch.metric, freeTier.metrics],
        ['dashboards', a.dashboards, cloudwatch.dashboard, freeTier.dashboards],
      ),
      line('ECR', ['GB of images', a.images * a.imageGb, prices.ecrGbMonth]),
      line('CodeBuild', [
        'minutes',
        a.imageBuilds * a.minutesAnImageBuild,
        prices.codebuildMinute,
        freeTier.buildMinutes,
      ]),
      line(
        'Amplify Hosting',
        ['build minutes', a.pageBuilds * a.minutesAPageBuild, hosting.buildMinute],
        ['GB served', (sessions * a.pageMbASession) / 1000, hosting.gbServed],
        ['GB kept', a.pageGb, hosting.gbMonth],
      ),
      line(
        'S3',
        ['GB of snapshots and files', use.users * a.bucketGbAUser, s3.gbMonth],
        // A read is cheaper than a write; it is counted as one.
        ['requests', saves + sessions, s3.perThousandPuts / 1000],
      ),
      line('Data to the internet', ['GB', kbOut / million, prices.transferGb, freeTier.transferGb]),
      line('EventBridge Scheduler', [
        'calls by the clock',
        sweeps + scheduleRuns,
        prices.perMillionSchedules / million,
        freeTier.schedules,
      ]),
      line('SQS', [
        'requests',
        a.queueRequests,
        prices.perMillionQueueRequests / million,
        freeTier.queueRequests,
      ]),
      line('SNS', ['mails', a.mails, prices.perThousandMails / 1000, freeTier.mails]),
      line('KMS (AWS’s key of SSM)', [
        'decryptions',
        sessions * a.decryptionsASession,
        prices.perTenThousandDecryptions / 10_000,
        freeTier.decryptions,
      ]),
      line('Cognito', ['users', use.users, prices.activeUser, freeTier.activeUsers]),
    ],
  };
}

export const lineUsd = ({ charges }: CostLine, withFreeTier: boolean): number =>
  charges.reduce(
    (sum, { quantity, unitUsd, free }) => sum + Math.max(0, quantity - (withFreeTier ? free : 0)) * unitUsd,
    0,
  );

export const totalUsd = ({ lines }: MonthlyCost, withFreeTier: boolean): number =>
  lines.reduce((sum, line) => sum + lineUsd(line, withFreeTier), 0);
