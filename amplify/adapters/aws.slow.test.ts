import { GetObjectTaggingCommand, S3Client } from '@aws-sdk/client-s3';
import { v7 } from 'uuid';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { openSocket } from '../../local/cloud/appsync/graphql-socket-under-test.ts';
import { administratorArn } from '../../local/cloud/iam/administrator.ts';
import { fromWire } from '../core/event.ts';
import { type Person, startWholeCloud, typeOf, type WholeCloud } from '../data/whole-cloud-under-test.ts';
import { appsyncPublisher } from './appsync.ts';
import type { AwsOptions } from './aws/client.ts';
import { eventPublisherContract } from './contracts/event-publisher.ts';
import { secretStoreContract } from './contracts/secret-store.ts';
import { settingsStoreContract } from './contracts/settings-store.ts';
import { storageContract } from './contracts/storage.ts';
import { taskRunnerContract } from './contracts/task-runner.ts';
import { dynamoDocument } from './dynamo-document.ts';
import { dynamoSettings } from './dynamo-settings.ts';
import { ecsTaskRunner } from './ecs.ts';
import { s3SnapshotUrls } from './s3.ts';
import { s3Files, s3FileUrls } from './s3-files.ts';
import { s3SnapshotFiles } from './s3-snapshot-files.ts';
import { s3SnapshotImports } from './s3-snapshot-imports.ts';
import { ssmParameters, ssmSecrets } from './ssm.ts';

/**
 * The adapters of AWS's services on our own backend in the local cloud: each calls as the role that the deployment gives
 * the function that uses it, and may do no more than that.
 */
let whole: WholeCloud;
beforeAll(async () => {
  whole = await startWholeCloud();
  // A synthesis takes its time on a busy machine.
}, 300_000);
afterAll(() => whole?.close());

/** How the function of this name calls AWS. */
const as = (name: string): AwsOptions => ({
  region: 'us-east-1',
  endpoint: whole.cloud.endpoint,
  credentials: () => {
    const {
      accessKeyId,
      secretAccessKey,
      sessionToken = '',
    } = whole.credentialsOf(`${name}lambdaServiceRole`);
    return { accessKeyId, secretAccessKey, sessionToken };
  },
});
/** What the deployment tells the function of this name. */
function environmentOf(name: string): Record<string, string> {
  const found = whole.cloud.assembly
    .byType('AWS::Lambda::Function')
    .find(({ logicalId }) => logicalId.startsWith(`${name}lambda`));
  const { Environment } = (found?.properties ?? {}) as {
    Environment?: { Variables?: Record<string, string> };
  };
  return Environment?.Variables ?? {};
}
const person = (): Promise<Person> => whole.signUpPerson(`${v7()}@example.com`);

taskRunnerContract('ECS', async () => {
  const variables = environmentOf('sweepidle');
  const value = (name: string) => variables[name] ?? '';
  const place = {
    clusterArn: value('CLUSTER_ARN'),
    taskDefinitionArn: value('TASK_DEFINITION_ARN'),
    containerName: value('CONTAINER_NAME'),
    subnetIds: value('SUBNET_IDS').split(','),
    securityGroupId: value('SECURITY_GROUP_ID'),
    graphqlUrl: value('GRAPHQL_URL'),
    deployment: value('DEPLOYMENT'),
  };
  return {
    runner: ecsTaskRunner(place, as('sweepidle')),
    setFull: (full) =>
      whole.cloud.ecs.setCapacity({
        FARGATE: full.includes('FARGATE') ? 'none' : 'available',
        FARGATE_SPOT: full.includes('FARGATE_SPOT') ? 'none' : 'available',
      }),
  };
});

const sockets: { close(): void }[] = [];
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.close();
});
eventPublisherContract('AppSync', async () => {
  const { token, sub } = await person();
  const { endpoint } = whole.cloud;
  const header = { host: new URL(endpoint).host, Authorization: token };
  const socket = await openSocket(endpoint, header);
  sockets.push(socket);
  await socket.init();
  const query = 'subscription { onEvent { owner kind conversationId messageId body } }';
  socket.start('s', query, header);
  await socket.next();
  const { region = '', credentials } = as('sendmessage');
  const options = {
    region,
    credentials: credentials as () => Awaited<ReturnType<NonNullable<typeof credentials>>>,
  };
  return {
    publisher: appsyncPublisher({ ...options, url: `${endpoint}/graphql` }),
    owner: sub,
    heard: async () => fromWire((await socket.next()).payload.data.onEvent),
    // Port 9 is discard's: nothing listens there.
    cutOff: appsyncPublisher({ ...options, url: 'http://127.0.0.1:9/graphql' }),
  };
});

secretStoreContract('SSM', async () => {
  const prefix = environmentOf('managekey').PARAMETER_PREFIX ?? '';
  const secrets = ssmSecrets(prefix, as('managekey'));
  return { secrets, reader: ssmParameters(prefix, as('servetask')), owner: v7() };
});

settingsStoreContract('DynamoDB', async () => {
  const someone = await person();
  const query = `mutation ($settings: AWSJSON!, $revision: Int!) {
    saveSettings(settings: $settings, revision: $revision) { owner kind conversationId messageId body } }`;
  return {
    store: dynamoSettings(dynamoDocument(as('servetask')), environmentOf('servetask').SETTINGS_TABLE ?? ''),
    owner: someone.sub,
    save: async (settings, revision) => {
      const answer = await whole.ask(someone, query, { settings: JSON.stringify(settings), revision });
      if (answer.errors) throw new Error(typeOf(answer));
    },
  };
});

storageContract('S3', async () => {
  const bucket = whole.nameOf('AWS::S3::Bucket', 'files');
  const { endpoint, context } = whole.cloud;
  const roleArn = administratorArn(context.accountId);
  const admin = new S3Client({
    ...{ region: 'us-east-1', endpoint, forcePathStyle: true },
    credentials: context.iam.assumeRole({ roleArn, sessionName: 'test' }),
  });
  const sent = s3Files(bucket, as('sendmessage'));
  return {
    owner: v7(),
    files: { ...sent, remove: s3Files(bucket, as('servefiles')).remove },
    fileUrls: s3FileUrls(bucket, as('servefiles')),
    snapshotUrls: s3SnapshotUrls(bucket, as('servetask')),
    snapshotFiles: s3SnapshotFiles(bucket, as('servetask')),
    imports: s3SnapshotImports(bucket, as('servesnapshots')),
    put: async ({ url, headers }, bytes) => {
      // fetch sets the length itself, from the bytes.
      const { 'content-length': _, ...sendable } = headers;
      return (await fetch(url, { method: 'PUT', headers: sendable, body: bytes })).status;
    },
    get: async ({ url, headers }) => {
      const response = await fetch(url, { headers });
      return response.ok ? new Uint8Array(await response.arrayBuffer()) : null;
    },
    isMarked: async (Key) => {
      const { TagSet } = await admin.send(new GetObjectTaggingCommand({ Bucket: bucket, Key }));
      return (TagSet ?? []).some((tag) => tag.Key === 'state' && tag.Value === 'unsent');
    },
  };
});
