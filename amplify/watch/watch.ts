import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { Configuration } from '../configuration.ts';
import { alarms } from './alarms.ts';
import { budget } from './budget.ts';
import { dashboard } from './dashboard.ts';
import { countErrors } from './metrics.ts';
import { noticesTo } from './notices.ts';

/**
 * What looks after a deployment while nobody does: alarms, a dashboard, and, once there is an address, mails and a
 * budget. Nothing of it costs anything within what every account has free.
 */
export function watch(
  scope: Construct,
  world: {
    deployment: string;
    configuration: Configuration;
    functions: readonly LambdaFunction[];
    deadLetters: IQueue;
    taskLogs: ILogGroup;
    apiId: string;
  },
): void {
  const { deployment, functions, deadLetters } = world;
  const { alertEmail, budgetDollars, alarmTaskHours } = world.configuration;
  const errors = countErrors(scope, deployment, functions);
  const made = alarms(scope, {
    deployment,
    errors,
    deadLetters,
    taskHours: alarmTaskHours,
    notices: alertEmail === undefined ? undefined : noticesTo(scope, alertEmail),
  });
  dashboard(scope, { ...world, alarms: made, errors });
  if (alertEmail !== undefined) budget(scope, { dollars: budgetDollars, email: alertEmail });
}
