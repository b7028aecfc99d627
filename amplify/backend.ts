import { defineBackend } from '@aws-amplify/backend';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Agent } from './agent/agent.ts';
import { wireChannels } from './agent/channel-wiring.ts';
import { wireErasing } from './agent/erase-wiring.ts';
import { limitLogs } from './agent/log-retention.ts';
import { wirePush } from './agent/push-wiring.ts';
import { wireSchedules } from './agent/schedule-wiring.ts';
import { grantTaskFields } from './agent/task-fields.ts';
import {
  tablesOf,
  wireKeys,
  wireServeFiles,
  wireServeSnapshots,
  wireServeTask,
  wireWakers,
} from './agent/wiring.ts';
import { closeAuth } from './auth/closing.ts';
import { auth } from './auth/resource.ts';
import { readConfiguration } from './configuration.ts';
import { protectTables } from './data/protection.ts';
import { data } from './data/resource.ts';
import { deploymentOf, pageOrigins } from './deployment.ts';
import { deliverMessage } from './functions/deliver-message/resource.ts';
import { eraseData } from './functions/erase-data/resource.ts';
import { linkChannel } from './functions/link-channel/resource.ts';
import { manageKey } from './functions/manage-key/resource.ts';
import { managePush } from './functions/manage-push/resource.ts';
import { manageSchedules } from './functions/manage-schedules/resource.ts';
import { pushAnswer } from './functions/push-answer/resource.ts';
import { receiveFiles } from './functions/receive-files/resource.ts';
import { retryMessage } from './functions/retry-message/resource.ts';
import { runSchedules } from './functions/run-schedules/resource.ts';
import { sendMessage } from './functions/send-message/resource.ts';
import { serveFiles } from './functions/serve-files/resource.ts';
import { serveSnapshots } from './functions/serve-snapshots/resource.ts';
import { serveTask } from './functions/serve-task/resource.ts';
import { sweepIdle } from './functions/sweep-idle/resource.ts';
import { taskChanged } from './functions/task-changed/resource.ts';
import { telegramWebhook } from './functions/telegram-webhook/resource.ts';
import { testModel } from './functions/test-model/resource.ts';
import { wakeAgent } from './functions/wake-agent/resource.ts';
import { closeBucket } from './storage/closing.ts';
import { storage } from './storage/resource.ts';
import { deadLetters } from './watch/dead-letters.ts';
import { watch } from './watch/watch.ts';

// Read before anything is bundled: a fault in it is told at once.
const configuration = readConfiguration(process.env);

export const backend = defineBackend({
  auth,
  data,
  storage,
  sendMessage,
  retryMessage,
  wakeAgent,
  serveFiles,
  serveSnapshots,
  serveTask,
  manageKey,
  testModel,
  taskChanged,
  sweepIdle,
  telegramWebhook,
  deliverMessage,
  receiveFiles,
  linkChannel,
  eraseData,
  managePush,
  pushAnswer,
  manageSchedules,
  runSchedules,
});
const deployment = deploymentOf(backend.stack.node);
const signUpOpen = configuration.signUp === undefined ? deployment.isLocal : configuration.signUp === 'open';

closeAuth(backend.auth.resources.cfnResources, { signUpOpen, isBranch: deployment.isBranch });
closeBucket(
  backend.storage.resources.cfnResources.cfnBucket,
  pageOrigins(deployment, configuration.webOrigins),
);
protectTables(backend.data.resources.cfnResources.amplifyDynamoDbTables, deployment.isBranch);

// One direction only: data (with the functions) -> agent, data -> storage.
const agent = new Agent(backend.createStack('agent'), 'Agent', configuration);
const { cfnGraphqlApi } = backend.data.resources.cfnResources;
const apiArn = cfnGraphqlApi.attrArn;

// The task role's name is how resolvers/authorize-task.js knows a task from any other caller.
cfnGraphqlApi.environmentVariables = {
  TASK_ROLE_NAME: agent.task.role.roleName,
  REGION: backend.stack.region,
  DAY_CAP_MICROS: String(configuration.caps.dayMicros),
  MONTH_CAP_MICROS: String(configuration.caps.monthMicros),
  TOTAL_DAY_CAP_MICROS: String(configuration.caps.totalDayMicros),
  TOTAL_MONTH_CAP_MICROS: String(configuration.caps.totalMonthMicros),
  SPENDING_STOPPED: configuration.caps.stopped ? 'yes' : 'no',
  TASK_CPU: String(configuration.taskSizes.usual.cpu),
  TASK_MEMORY: String(configuration.taskSizes.usual.memory),
  LARGEST_TASK_CPU: String(configuration.taskSizes.largest.cpu),
  LARGEST_TASK_MEMORY: String(configuration.taskSizes.largest.memory),
  CAPACITY_POLICY: configuration.capacityPolicy,
  IDLE_SECONDS: String(configuration.idleSeconds),
};
grantTaskFields(backend.data.stack, apiArn, agent.task.role);

const functions = {
  sendMessage: asFunction(backend.sendMessage.resources.lambda),
  retryMessage: asFunction(backend.retryMessage.resources.lambda),
  wakeAgent: asFunction(backend.wakeAgent.resources.lambda),
  taskChanged: asFunction(backend.taskChanged.resources.lambda),
  sweepIdle: asFunction(backend.sweepIdle.resources.lambda),
  telegramWebhook: asFunction(backend.telegramWebhook.resources.lambda),
  runSchedules: asFunction(backend.runSchedules.resources.lambda),
};
const channels = {
  telegramWebhook: functions.telegramWebhook,
  deliverMessage: asFunction(backend.deliverMessage.resources.lambda),
  receiveFiles: asFunction(backend.receiveFiles.resources.lambda),
  linkChannel: asFunction(backend.linkChannel.resources.lambda),
};
const serve = asFunction(backend.serveTask.resources.lambda);
const tables = tablesOf(backend.data.resources.tables);
const api = { arn: apiArn, url: cfnGraphqlApi.attrGraphQlUrl };
const parameterPrefix = `/serverless-openclaw/${deployment.id}`;
const push = {
  managePush: asFunction(backend.managePush.resources.lambda),
  pushAnswer: asFunction(backend.pushAnswer.resources.lambda),
};
wireWakers(functions, {
  deliverMessage: channels.deliverMessage,
  pushAnswer: push.pushAnswer,
  receiveFiles: channels.receiveFiles,
  agent,
  tables,
  bucket: backend.storage.resources.bucket,
  api,
  deployment: deployment.id,
  configuration,
});
wireServeTask(serve, {
  tables,
  bucket: backend.storage.resources.bucket,
  parameterPrefix,
  idleSeconds: configuration.idleSeconds,
  modelReach: configuration.modelReach,
});
const files = asFunction(backend.serveFiles.resources.lambda);
wireServeFiles(files, { tables, bucket: backend.storage.resources.bucket });
const snapshots = asFunction(backend.serveSnapshots.resources.lambda);
wireServeSnapshots(snapshots, { tables, bucket: backend.storage.resources.bucket });
const { webhookUrl } = wireChannels(channels, {
  agent,
  tables,
  bucket: backend.storage.resources.bucket,
  api,
  parameterPrefix,
});
const keys = {
  manageKey: asFunction(backend.manageKey.resources.lambda),
  testModel: asFunction(backend.testModel.resources.lambda),
};
wireKeys(keys, { parameterPrefix, modelReach: configuration.modelReach });
wirePush(push, { tables, parameterPrefix, reach: configuration.modelReach });
const manageOwnSchedules = asFunction(backend.manageSchedules.resources.lambda);
wireSchedules({ manageSchedules: manageOwnSchedules, runSchedules: functions.runSchedules }, { tables, api });
const erase = asFunction(backend.eraseData.resources.lambda);
wireErasing(
  { eraseData: erase, sweepIdle: functions.sweepIdle },
  {
    ...{ agent, tables, api, parameterPrefix },
    bucket: backend.storage.resources.bucket,
    deliverMessage: channels.deliverMessage,
  },
);
// The names that resource.ts gives the data sources.
backend.data.addLambdaDataSource('ServeTask', serve);
backend.data.addLambdaDataSource('DeliverMessage', channels.deliverMessage);
backend.data.addLambdaDataSource('EraseData', erase);
backend.data.addLambdaDataSource('PushAnswer', push.pushAnswer);

const own = [
  ...new Set([
    ...Object.values(functions),
    ...Object.values(channels),
    ...Object.values(keys),
    ...Object.values(push),
    serve,
    files,
    snapshots,
    manageOwnSchedules,
    erase,
  ]),
];
limitLogs(backend.stack, own, configuration.logDays as RetentionDays);
const lost = deadLetters(backend.data.stack, [functions.taskChanged]);
// What is free is free once an account: a sandbox takes of it only when somebody wants to be told.
if (deployment.isBranch || configuration.alertEmail !== undefined) {
  watch(backend.createStack('watch'), {
    deployment: deployment.id,
    configuration,
    functions: own,
    deadLetters: lost,
    taskLogs: agent.task.logs,
    apiId: cfnGraphqlApi.attrApiId,
  });
}

backend.addOutput({
  custom: {
    deployment: deployment.id,
    apiId: cfnGraphqlApi.attrApiId,
    cluster: agent.cluster.clusterArn,
    signUpOpen,
    idleSeconds: configuration.idleSeconds,
    capacityPolicy: configuration.capacityPolicy,
    taskCpu: configuration.taskSizes.usual.cpu,
    taskMemory: configuration.taskSizes.usual.memory,
    telegramWebhookUrl: webhookUrl,
  },
});

/** defineFunction gives an interface that can't be granted more or told more; what it makes is a Function. */
function asFunction(lambda: unknown): LambdaFunction {
  return lambda as LambdaFunction;
}
