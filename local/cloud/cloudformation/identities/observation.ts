import type { Identify } from '../identity.ts';

const identifier: Identify = (subject) => ({ ref: `${subject.logicalId}-${subject.digits(12)}` });

/** Logs, alarms, topics, queues and budgets: nothing reads them locally, but others name them. */
export const observationIdentities: Readonly<Record<string, Identify>> = {
  'AWS::Logs::LogGroup': (subject) => {
    const name = subject.name('LogGroupName', 512);
    return { ref: name, arn: subject.arn('logs', `log-group:${name}:*`) };
  },
  'AWS::Logs::MetricFilter': identifier,
  'AWS::Logs::ResourcePolicy': identifier,
  'AWS::CloudWatch::Alarm': (subject) => {
    const name = subject.name('AlarmName', 255);
    return { ref: name, arn: subject.arn('cloudwatch', `alarm:${name}`) };
  },
  'AWS::CloudWatch::CompositeAlarm': (subject) => {
    const name = subject.name('AlarmName', 255);
    return { ref: name, arn: subject.arn('cloudwatch', `alarm:${name}`) };
  },
  'AWS::CloudWatch::Dashboard': identifier,
  'AWS::Budgets::Budget': identifier,
  'AWS::SNS::Topic': (subject) => {
    const name = subject.name('TopicName', 256);
    const arn = subject.arn('sns', name);
    return { ref: arn, attributes: { TopicArn: arn, TopicName: name } };
  },
  'AWS::SNS::TopicPolicy': identifier,
  'AWS::SNS::TopicInlinePolicy': identifier,
  'AWS::SNS::Subscription': identifier,
  'AWS::SQS::Queue': (subject) => {
    const { accountId, region } = subject.environment;
    const name = subject.name('QueueName', 80);
    const url = `https://sqs.${region}.amazonaws.com/${accountId}/${name}`;
    return { ref: url, arn: subject.arn('sqs', name), attributes: { QueueName: name, QueueUrl: url } };
  },
  'AWS::SQS::QueuePolicy': identifier,
  'AWS::CDK::Metadata': identifier,
};
