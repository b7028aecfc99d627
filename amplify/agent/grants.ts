import { Stack } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Agent } from './agent.ts';

/** What functions may do, one statement a kind. Nothing is granted by the constructs' own `grant…`: they give more. */

/** Calls on single items of a table, by name without the service (`GetItem`). */
export function grantItems(target: LambdaFunction, table: ITable, calls: readonly string[]): void {
  target.addToRolePolicy(
    new PolicyStatement({ actions: calls.map((call) => `dynamodb:${call}`), resources: [table.tableArn] }),
  );
}

export function grantQuery(target: LambdaFunction, table: ITable, index: string): void {
  target.addToRolePolicy(
    new PolicyStatement({ actions: ['dynamodb:Query'], resources: [`${table.tableArn}/index/${index}`] }),
  );
}

/** The one field that names an owner. */
export function grantPublish(target: LambdaFunction, apiArn: string): void {
  target.addToRolePolicy(
    new PolicyStatement({
      actions: ['appsync:GraphQL'],
      resources: [`${apiArn}/types/Mutation/fields/systemPublish`],
    }),
  );
}

/** Runs the agent's task definition on the agent's cluster, with its own two roles and no others, and stops its tasks. */
export function grantRun(target: LambdaFunction, agent: Agent): void {
  const onCluster = { ArnEquals: { 'ecs:cluster': agent.cluster.clusterArn } };
  target.addToRolePolicy(
    new PolicyStatement({
      actions: ['ecs:RunTask'],
      resources: [agent.task.definition.taskDefinitionArn],
      conditions: onCluster,
    }),
  );
  target.addToRolePolicy(
    new PolicyStatement({
      actions: ['iam:PassRole'],
      resources: [agent.task.role.roleArn, agent.task.executionRole.roleArn],
      conditions: { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } },
    }),
  );
  grantStop(target, agent);
}

/** Stops the agent's tasks. */
export function grantStop(target: LambdaFunction, agent: Agent): void {
  const onCluster = { ArnEquals: { 'ecs:cluster': agent.cluster.clusterArn } };
  const tasks = Stack.of(agent).formatArn({
    service: 'ecs',
    resource: 'task',
    resourceName: `${agent.cluster.clusterName}/*`,
  });
  target.addToRolePolicy(
    new PolicyStatement({ actions: ['ecs:StopTask'], resources: [tasks], conditions: onCluster }),
  );
}

/** Lists the cluster's tasks. ListTasks knows no resource but container instances: the condition names the cluster. */
export function grantList(target: LambdaFunction, agent: Agent): void {
  const onCluster = { ArnEquals: { 'ecs:cluster': agent.cluster.clusterArn } };
  const tasks = Stack.of(agent).formatArn({
    service: 'ecs',
    resource: 'task',
    resourceName: `${agent.cluster.clusterName}/*`,
  });
  target.addToRolePolicy(
    new PolicyStatement({ actions: ['ecs:ListTasks'], resources: ['*'], conditions: onCluster }),
  );
  target.addToRolePolicy(
    new PolicyStatement({ actions: ['ecs:DescribeTasks'], resources: [tasks], conditions: onCluster }),
  );
}

/** Calls on owners' files (core/attachment.ts `fileKey`), by name without the service. Snapshots are none of them. */
export function grantFiles(target: LambdaFunction, bucket: IBucket, calls: readonly string[]): void {
  target.addToRolePolicy(
    new PolicyStatement({
      actions: calls.map((call) => `s3:${call}`),
      resources: [bucket.arnForObjects('owners/*/files/*')],
    }),
  );
}

/** Calls on owners' snapshots, by name without the service (`GetObject`). */
export function grantSnapshots(target: LambdaFunction, bucket: IBucket, calls: readonly string[]): void {
  target.addToRolePolicy(
    new PolicyStatement({
      actions: calls.map((call) => `s3:${call}`),
      resources: [bucket.arnForObjects('owners/*/snapshots/*')],
    }),
  );
}

/** What a presigned URL, and the function itself, may do with files that owners import; tasks' snapshots are none of them. */
export function grantImports(target: LambdaFunction, bucket: IBucket): void {
  target.addToRolePolicy(
    new PolicyStatement({
      actions: ['s3:PutObject', 's3:PutObjectTagging', 's3:DeleteObjectTagging'],
      resources: [bucket.arnForObjects('owners/*/snapshots/import-*')],
    }),
  );
}

/** What a presigned URL of the function may do with owners' files; deletion is for snapshots that newer ones replaced. */
export function grantOwnersFiles(target: LambdaFunction, bucket: IBucket): void {
  target.addToRolePolicy(
    new PolicyStatement({
      actions: ['s3:GetObject', 's3:PutObject'],
      resources: [bucket.arnForObjects('owners/*')],
    }),
  );
  target.addToRolePolicy(
    new PolicyStatement({
      actions: ['s3:ListBucket'],
      resources: [bucket.bucketArn],
      conditions: { StringLike: { 's3:prefix': 'owners/*/snapshots/' } },
    }),
  );
  target.addToRolePolicy(
    new PolicyStatement({
      actions: ['s3:DeleteObject'],
      resources: [bucket.arnForObjects('owners/*/snapshots/*')],
    }),
  );
}

/** Finds and deletes whatever lies below an owner's prefix, and reads none of it. */
export function grantErasingFiles(target: LambdaFunction, bucket: IBucket): void {
  target.addToRolePolicy(
    new PolicyStatement({
      actions: ['s3:ListBucket'],
      resources: [bucket.bucketArn],
      conditions: { StringLike: { 's3:prefix': 'owners/*/' } },
    }),
  );
  target.addToRolePolicy(
    new PolicyStatement({
      actions: ['s3:DeleteObject'],
      resources: [bucket.arnForObjects('owners/*')],
    }),
  );
}

/** Calls one function. */
export function grantInvoke(target: LambdaFunction, callee: LambdaFunction): void {
  target.addToRolePolicy(
    new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [callee.functionArn] }),
  );
}

/** Reads parameters below the prefix, each by its name. */
export function grantParameter(target: LambdaFunction, prefix: string, names: readonly string[]): void {
  const stack = Stack.of(target);
  target.addToRolePolicy(
    new PolicyStatement({
      actions: ['ssm:GetParameter'],
      resources: names.map((name) =>
        stack.formatArn({
          service: 'ssm',
          resource: 'parameter',
          resourceName: `${prefix.slice(1)}/${name}`,
        }),
      ),
    }),
  );
}

/** Reads the deployment's own model and the owners' keys. The key that encrypts them is AWS's own and needs no grant. */
export function grantParameters(target: LambdaFunction, prefix: string): void {
  const stack = Stack.of(target);
  const parameter = (name: string) =>
    stack.formatArn({ service: 'ssm', resource: 'parameter', resourceName: `${prefix.slice(1)}/${name}` });
  target.addToRolePolicy(
    new PolicyStatement({
      actions: ['ssm:GetParameter'],
      resources: [parameter('model-default'), parameter('owners/*')],
    }),
  );
}

/** Calls on the parameters that hold owners' keys, and on no others. */
export function grantOwnersKeys(target: LambdaFunction, prefix: string, calls: readonly string[]): void {
  target.addToRolePolicy(
    new PolicyStatement({
      actions: calls.map((call) => `ssm:${call}`),
      resources: [
        Stack.of(target).formatArn({
          service: 'ssm',
          resource: 'parameter',
          resourceName: `${prefix.slice(1)}/owners/*/provider-key`,
        }),
      ],
    }),
  );
}
