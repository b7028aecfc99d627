import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Construct } from 'constructs';

/** Where alarms go: a topic that mails one address, once its owner has confirmed the mail that AWS sends first. */
export function noticesTo(scope: Construct, email: string): Topic {
  const topic = new Topic(scope, 'Notices', { displayName: 'Serverless OpenClaw', enforceSSL: true });
  topic.addSubscription(new EmailSubscription(email));
  return topic;
}
