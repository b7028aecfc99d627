import { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { FilterPattern, type LogGroup, MetricFilter } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { type MetricName, metricNamespace } from '../core/metric.ts';

/** One of the deployment's own metrics (core/metric.ts). */
export const ownMetric = (
  deployment: string,
  metricName: MetricName,
  statistic: string,
  period = Duration.minutes(5),
): Metric =>
  new Metric({
    namespace: metricNamespace,
    metricName,
    dimensionsMap: { Deployment: deployment },
    statistic,
    period,
  });

/**
 * Counts faults of ours in the functions' logs: lines of level error, and what Lambda writes when a function ran
 * out of time or died. Lambda's own `Errors` would count every message that is refused, too long for one, as well.
 */
export function countErrors(
  scope: Construct,
  deployment: string,
  functions: readonly LambdaFunction[],
): Metric {
  const name = {
    metricNamespace: `${metricNamespace}/${deployment}`,
    metricName: 'FunctionErrors',
  };
  for (const each of functions) {
    const logGroup = each.node.findChild('Logs') as LogGroup;
    const patterns = {
      Told: FilterPattern.stringValue('$.level', '=', 'error'),
      Died: FilterPattern.anyTerm('Task timed out', 'Runtime exited', 'Uncaught Exception'),
    };
    for (const [kind, filterPattern] of Object.entries(patterns)) {
      new MetricFilter(scope, `${each.node.id}-${kind}`, {
        logGroup,
        filterPattern,
        ...name,
        metricValue: '1',
      });
    }
  }
  return new Metric({
    namespace: name.metricNamespace,
    metricName: name.metricName,
    statistic: 'Sum',
    period: Duration.minutes(5),
  });
}
