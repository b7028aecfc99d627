import { Duration } from 'aws-cdk-lib';
import {
  Alarm,
  ComparisonOperator,
  type IAlarm,
  type IMetric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { ownMetric } from './metrics.ts';

/** Sweeps an hour: each counts the tasks that are alive. */
export const sweepsAnHour = 12;

/**
 * What somebody should look at, each with its page of docs/operations.md. An account has ten alarms free, counted
 * by metric; these five leave room for a second deployment.
 */
export function alarms(
  scope: Construct,
  world: {
    deployment: string;
    errors: IMetric;
    deadLetters: IQueue;
    /** Task hours of a day that are no longer normal. */
    taskHours: number;
    /** Where they tell, if anywhere. */
    notices: ITopic | undefined;
  },
): readonly IAlarm[] {
  const { deployment, notices } = world;
  const alarm = (id: string, description: string, metric: IMetric, rule: Rule): IAlarm => {
    const made = new Alarm(scope, id, {
      alarmDescription: `${description} See docs/operations.md.`,
      metric,
      threshold: rule.threshold,
      evaluationPeriods: rule.periods ?? 1,
      comparisonOperator: rule.below
        ? ComparisonOperator.LESS_THAN_THRESHOLD
        : ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: rule.below ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
    });
    if (notices) made.addAlarmAction(new SnsAction(notices));
    return made;
  };
  return [
    alarm('FunctionErrors', 'A function failed for a fault of ours.', world.errors, { threshold: 1 }),
    alarm(
      'FailedMessages',
      'Five messages or more failed within an hour.',
      ownMetric(deployment, 'FailedMessages', 'Sum', Duration.hours(1)),
      { threshold: 5 },
    ),
    alarm(
      'TaskHours',
      `Tasks ran for ${world.taskHours} hours or more within a day.`,
      ownMetric(deployment, 'RunningTasks', 'Sum', Duration.days(1)),
      { threshold: world.taskHours * sweepsAnHour },
    ),
    alarm(
      'SweeperSilent',
      'Nothing has swept for a quarter of an hour: crashed starts are not mended.',
      ownMetric(deployment, 'RunningTasks', 'SampleCount', Duration.minutes(5)),
      { threshold: 1, below: true, periods: 3 },
    ),
    alarm(
      'DeadLetters',
      'A task’s event could not be followed, after all tries.',
      world.deadLetters.metricApproximateNumberOfMessagesVisible({
        statistic: 'Maximum',
        period: Duration.minutes(5),
      }),
      { threshold: 1 },
    ),
  ];
}

interface Rule {
  readonly threshold: number;
  /** Rings when the metric is below the threshold, or missing. */
  readonly below?: boolean;
  /** In a row; one by default. */
  readonly periods?: number;
}
