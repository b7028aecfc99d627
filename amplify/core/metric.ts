/**
 * What is counted about a deployment, beside its logs. CloudWatch reads a metric from any log line in its embedded
 * metric format, so a measurement is some more members of the line that says what happened: no client, no request.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */

export const metricNamespace = 'ServerlessOpenClaw';

/**
 * Ten metrics of one's own are free in an account; these four and the count of errors (amplify/watch) let two
 * deployments share them.
 */
const units = {
  /** Tasks alive, counted by each sweep: its sum over a day, divided by twelve, is task hours. */
  RunningTasks: 'Count',
  /** From a message's acceptance to its claim, where it is the first that a task takes. */
  WakeSeconds: 'Seconds',
  /** From a message's acceptance to its answer, first attempts only. */
  AnswerSeconds: 'Seconds',
  /** Messages that ended as failed, whoever's fault it was. */
  FailedMessages: 'Count',
} as const;

export type MetricName = keyof typeof units;
export type Measurements = Readonly<Partial<Record<MetricName, number>>>;

/** A log entry; with `metrics` it counts as well. Never texts or keys. */
export type LogEntry = Readonly<Record<string, unknown>> & { readonly metrics?: Measurements };

/** The line of an entry: its `metrics` become CloudWatch's for this deployment. `now`: milliseconds since 1970. */
export function lineOf({ metrics, ...entry }: LogEntry, deployment: string, now: number): string {
  return JSON.stringify(metrics ? { ...entry, ...embedded(metrics, deployment, now) } : entry);
}

function embedded(values: Measurements, deployment: string, now: number): Record<string, unknown> {
  const names = Object.keys(values) as MetricName[];
  return {
    _aws: {
      Timestamp: now,
      CloudWatchMetrics: [
        {
          Namespace: metricNamespace,
          Dimensions: [['Deployment']],
          Metrics: names.map((Name) => ({ Name, Unit: units[Name] })),
        },
      ],
    },
    Deployment: deployment,
    ...values,
  };
}
