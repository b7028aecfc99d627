import type { IRole } from 'aws-cdk-lib/aws-iam';
import { Policy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';

/** The fields that a task may call: each begins with resolvers/authorize-task.js. */
const taskFields = [
  'Mutation/fields/agentOpenSession',
  'Mutation/fields/agentRecall',
  'Mutation/fields/agentDeletedConversations',
  'Mutation/fields/agentUploadSnapshot',
  'Mutation/fields/agentDownloadFiles',
  'Mutation/fields/agentUploadFile',
  'Mutation/fields/agentPull',
  'Mutation/fields/agentClaim',
  'Mutation/fields/agentPublish',
  'Mutation/fields/agentCheckpoint',
  'Mutation/fields/agentCommit',
  'Mutation/fields/agentDeliver',
  'Mutation/fields/agentReserveSpending',
  'Mutation/fields/agentSettleSpending',
  'Mutation/fields/agentReport',
  'Mutation/fields/agentSaveSnapshot',
  'Mutation/fields/agentRelease',
  'Subscription/fields/agentDoorbell',
];

/** Lets the task's role call them, and nothing else. `scope` lies in the data stack: data depends on agent, never the reverse. */
export function grantTaskFields(scope: Construct, apiArn: string, taskRole: IRole): void {
  new Policy(scope, 'TaskFields', {
    roles: [taskRole],
    statements: [
      new PolicyStatement({
        actions: ['appsync:GraphQL'],
        resources: taskFields.map((field) => `${apiArn}/types/${field}`),
      }),
    ],
  });
}
