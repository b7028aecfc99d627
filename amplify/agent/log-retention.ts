import { CfnResource, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IConstruct } from 'constructs';

/**
 * Gives every function below a construct a log group that forgets: one each for our own functions, one a stack
 * for those that only work at deploy time. AWS would make groups that keep everything for ever.
 */
export function limitLogs(root: IConstruct, own: readonly IConstruct[], days: RetentionDays): void {
  const ownFunctions = new Set(own.map((each) => each.node.defaultChild));
  for (const node of root.node.findAll()) {
    if (node instanceof CfnResource && node.cfnResourceType === 'AWS::Lambda::Function') {
      const place = node.node.scope;
      const isOwn = ownFunctions.has(node) && place;
      const group = isOwn ? new LogGroup(place, 'Logs', options(days)) : sharedGroup(node, days);
      // Beside what a function says about its levels and its format.
      node.addPropertyOverride('LoggingConfig.LogGroup', group.logGroupName);
    }
  }
}

const options = (retention: RetentionDays) => ({ retention, removalPolicy: RemovalPolicy.DESTROY });

function sharedGroup(node: IConstruct, days: RetentionDays): LogGroup {
  const stack = Stack.of(node);
  const existing = stack.node.tryFindChild('DeploymentLogs');
  return existing instanceof LogGroup ? existing : new LogGroup(stack, 'DeploymentLogs', options(days));
}
