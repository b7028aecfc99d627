import { Duration } from 'aws-cdk-lib';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

/**
 * Keeps for two weeks what a function was called with in vain, three times: an event that came once and comes no
 * more. Not for the sweep, which comes again by itself.
 */
export function deadLetters(scope: Construct, functions: readonly LambdaFunction[]): Queue {
  const queue = new Queue(scope, 'DeadLetters', {
    retentionPeriod: Duration.days(14),
    encryption: QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
  });
  for (const each of functions) {
    each.configureAsyncInvoke({ retryAttempts: 2, onFailure: new SqsDestination(queue) });
  }
  return queue;
}
