import { UpdateUserPoolCommand } from '@aws-sdk/client-cognito-identity-provider';
import { UpdateTableCommand } from '@aws-sdk/client-dynamodb';
import { DeleteBucketCommand, DeleteObjectsCommand } from '@aws-sdk/client-s3';
import { DeleteParametersCommand } from '@aws-sdk/client-ssm';
import { Fault } from '../../app/bootstrap/fault.mjs';
import { awsFault } from '../aws-fault.ts';
import type { Clients } from '../clients.ts';
import type { Deployment } from '../deployment.ts';
import { type Remains, remainsOf } from './remains.ts';

/** How many S3 and SSM take at a time. */
const objectsAtOnce = 1000;
const parametersAtOnce = 10;

/**
 * Removes a deployment in two runs: the first takes the protection off, then Amplify removes the stack, then the second
 * removes what the stack leaves. Without `yes` it only says what it would do; `yes` must be the deployment's name.
 */
export async function tearDown(
  clients: Clients,
  deployment: Deployment,
  { yes, say }: { yes: string | undefined; say(line: string): void },
): Promise<void> {
  if (yes !== undefined && yes !== deployment.id) {
    throw new Fault(
      `This is ${deployment.id}, not ${yes}. Nothing was changed.`,
      'Give the name of the deployment that amplify_outputs.json describes, or another file with --outputs.',
    );
  }
  const remains = await remainsOf(clients, deployment);
  const { tables, pool, bucket, parameters } = remains;
  for (const line of inventory(deployment, remains)) say(line);
  const stackIsThere = tables.length > 0 || pool !== undefined;
  if (!stackIsThere && !bucket && parameters.length === 0) {
    say(
      '\nNothing is left of it but backups: DynamoDB keeps the last one of each protected table for 35 days.',
    );
    return;
  }
  say(
    stackIsThere
      ? '\nThis takes the protection off, and deletes nothing yet.'
      : '\nThis deletes all of it. Nothing brings it back.',
  );
  if (yes === undefined) {
    say(`Nothing was changed. To go on: npm run teardown -- --yes ${deployment.id}`);
    return;
  }
  try {
    if (stackIsThere) {
      await unprotect(clients, deployment, remains, say);
      say(
        `\nNow let Amplify remove the rest:\n  ${removal(deployment)}\nThen run this again: it removes what Amplify leaves.`,
      );
      return;
    }
    await empty(clients, deployment, remains, say);
  } catch (error) {
    throw awsFault(`Removing ${deployment.id}`, error);
  }
}

function inventory({ id, region, bucket }: Deployment, remains: Remains): readonly string[] {
  const isProtected = (is: boolean) => (is ? ', protected from deletion' : '');
  return [
    `${id} in ${region}:`,
    ...remains.tables.map((table) => `  table ${table.name}${isProtected(table.isProtected)}`),
    ...(remains.pool ? [`  ${remains.pool.users} accounts${isProtected(remains.pool.isProtected)}`] : []),
    ...(remains.bucket
      ? [
          `  bucket ${bucket}: ${remains.bucket.keys.length} files, ${(remains.bucket.bytes / 1e6).toFixed(1)} MB`,
        ]
      : []),
    ...remains.parameters.map((name) => `  parameter ${name}`),
  ];
}

async function unprotect(
  { dynamodb, cognito }: Clients,
  { userPoolId }: Deployment,
  { tables, pool }: Remains,
  say: (line: string) => void,
): Promise<void> {
  for (const { name, isProtected } of tables) {
    if (!isProtected) continue;
    await dynamodb.send(new UpdateTableCommand({ TableName: name, DeletionProtectionEnabled: false }));
    say(`  ✓ ${name} can be deleted`);
  }
  if (!pool?.isProtected) return;
  // Sets the pool's other settings back as well, which a pool that is about to go does not need.
  await cognito.send(new UpdateUserPoolCommand({ UserPoolId: userPoolId, DeletionProtection: 'INACTIVE' }));
  say('  ✓ The accounts can be deleted');
}

/** How Amplify removes a deployment of this name: `<app id>-<branch>`, or a sandbox. */
function removal({ id, region }: Deployment): string {
  const [, appId, branch] = /^(d[a-z0-9]{6,})-(.+)$/.exec(id) ?? [];
  if (!appId) return 'npx ampx sandbox delete';
  return `aws amplify delete-branch --region ${region} --app-id ${appId} --branch-name ${branch}`;
}

async function empty(
  { s3, ssm }: Clients,
  { bucket: Bucket }: Deployment,
  { bucket, parameters }: Remains,
  say: (line: string) => void,
): Promise<void> {
  for (const Names of inParts(parameters, parametersAtOnce)) {
    await ssm.send(new DeleteParametersCommand({ Names }));
  }
  if (parameters.length > 0) say(`  ✓ ${parameters.length} parameters deleted`);
  if (!bucket) return;
  for (const keys of inParts(bucket.keys, objectsAtOnce)) {
    const Objects = keys.map((Key) => ({ Key }));
    const { Errors = [] } = await s3.send(
      new DeleteObjectsCommand({ Bucket, Delete: { Objects, Quiet: true } }),
    );
    const [first] = Errors;
    if (first) throw new Fault(`${first.Key} could not be deleted: ${first.Message}`, 'Run it again.');
  }
  await s3.send(new DeleteBucketCommand({ Bucket }));
  say(`  ✓ ${bucket.keys.length} files and their bucket deleted`);
}

function inParts<Item>(items: readonly Item[], size: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}
