import { Duration } from 'aws-cdk-lib';
import {
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  type IAlarm,
  type IMetric,
  LogQueryWidget,
  Metric,
  TextWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { sweepsAnHour } from './alarms.ts';
import { ownMetric } from './metrics.ts';

/** One page to look at first. An account has three free, of fifty metrics each. */
export function dashboard(
  scope: Construct,
  world: {
    deployment: string;
    alarms: readonly IAlarm[];
    errors: IMetric;
    functions: readonly LambdaFunction[];
    apiId: string;
    taskLogs: ILogGroup;
  },
): void {
  const { deployment, errors, functions, taskLogs } = world;
  const own = (...[name, statistic, period]: [Parameters<typeof ownMetric>[1], string, Duration?]) =>
    ownMetric(deployment, name, statistic, period);
  const api = (metricName: string, statistic: string) =>
    new Metric({
      namespace: 'AWS/AppSync',
      metricName,
      dimensionsMap: { GraphQLAPIId: world.apiId },
      statistic,
    });
  const graph = (title: string, left: IMetric[], right: IMetric[] = []) =>
    new GraphWidget({ title, left, right, width: 8, height: 6, liveData: true });
  const hour = Duration.hours(1);
  new Dashboard(scope, 'Dashboard', {
    defaultInterval: Duration.days(1),
    widgets: [
      [
        new TextWidget({
          markdown: `**Serverless OpenClaw** ${deployment}: what each alarm means and what to do stands in docs/operations.md`,
          width: 24,
          height: 1,
        }),
      ],
      [new AlarmStatusWidget({ alarms: [...world.alarms], width: 24, height: 2 })],
      [
        graph('From message to awake (s)', [own('WakeSeconds', 'p50'), own('WakeSeconds', 'p90')]),
        graph('From message to answer (s)', [own('AnswerSeconds', 'p50'), own('AnswerSeconds', 'p90')]),
        graph('Answered, failed', [
          own('AnswerSeconds', 'SampleCount', hour),
          own('FailedMessages', 'Sum', hour),
        ]),
      ],
      [
        graph(`Tasks alive (a day's sum by ${sweepsAnHour} is task hours)`, [own('RunningTasks', 'Maximum')]),
        graph('Errors of functions', [errors]),
        graph(
          'Functions: longest run (ms)',
          functions.map((each) => each.metricDuration({ statistic: 'Maximum' })),
        ),
      ],
      [
        graph(
          'API: errors, latency',
          [api('4XXError', 'Sum'), api('5XXError', 'Sum')],
          [api('Latency', 'p90')],
        ),
        new LogQueryWidget({
          title: 'Last troubles of tasks',
          logGroupNames: [taskLogs.logGroupName],
          queryLines: [
            'fields @timestamp, event, messageId, error, code, detail',
            "filter level in ['warn', 'error']",
            'sort @timestamp desc',
            'limit 50',
          ],
          width: 16,
          height: 6,
        }),
      ],
    ],
  });
}
