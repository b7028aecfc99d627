import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { appResources, poolId } from '../cloud/cognito/app-under-test.ts';
import { createUserPools } from '../cloud/cognito/user-pool-service.ts';
import { createDynamoDb } from '../cloud/dynamodb/service.ts';
import { createS3 } from '../cloud/s3/service.ts';
import { createServiceQuotas } from '../cloud/service-quotas/service.ts';
import {
  account as accountId,
  region,
  type ServicesUnderTest,
  startServices,
  type TestResource,
  testRole,
} from '../cloud/services-under-test.ts';
import { createSsm } from '../cloud/ssm/service.ts';
import { createSts } from '../cloud/sts/service.ts';
import { awsClients, type Clients } from './clients.ts';

const main = fileURLToPath(new URL('main.ts', import.meta.url));

/** For tests: an account with a deployment in it, behind the real gateway, and the commands as people run them. */
export interface AccountUnderTest {
  readonly cloud: ServicesUnderTest;
  /** Where amplify_outputs.json is looked for. */
  readonly folder: string;
  clients(role: string): Clients;
  /** A file that describes another deployment of the same resources. Gives its path. */
  outputsOf(deployment: string): string;
  /** Runs a command as this role, with lines for its questions. */
  run(command: string[], options?: Run): Promise<{ code: number | null; output: string }>;
  close(): Promise<void>;
}

interface Run {
  readonly role?: string;
  readonly answers?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

export const deployment = 'd123-main';
export const bucket = 'files-of-d123';
export { poolId };

export const outputs = {
  auth: { aws_region: region, user_pool_id: poolId },
  storage: { bucket_name: bucket },
  custom: { deployment, apiId: 'api123', signUpOpen: false },
};

const everything = { Effect: 'Allow', Action: '*', Resource: '*' };

/** A protected table. */
export const table = (name: string): TestResource => ({
  type: 'AWS::DynamoDB::Table',
  physicalId: name,
  arn: `arn:aws:dynamodb:${region}:${accountId}:table/${name}`,
  properties: {
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    DeletionProtectionEnabled: true,
  },
});

export async function accountUnderTest(
  resources: readonly TestResource[] = [],
  { pool = true }: { pool?: boolean } = {},
): Promise<AccountUnderTest> {
  const folder = mkdtempSync(join(tmpdir(), 'operator-'));
  const cloud = await startServices({
    resources: [
      ...(pool ? appResources({ pool: { DeletionProtection: 'ACTIVE' } }) : []),
      ...(pool
        ? [
            {
              type: 'AWS::Cognito::UserPoolGroup',
              physicalId: 'admins',
              properties: { GroupName: 'admins', UserPoolId: poolId },
            },
          ]
        : []),
      { type: 'AWS::S3::Bucket', physicalId: bucket, arn: `arn:aws:s3:::${bucket}`, properties: {} },
      testRole('operator', [everything]),
      testRole('visitor', [{ ...everything, Action: 'sts:*' }]),
      ...resources,
    ],
    services: [
      createSsm,
      createSts,
      createServiceQuotas,
      createUserPools,
      createDynamoDb,
      // S3 takes what carries no other sign.
      createS3,
    ],
  });
  writeFileSync(join(folder, 'amplify_outputs.json'), JSON.stringify(outputs));
  return {
    cloud,
    folder,
    clients: (role) => awsClients(region, { endpoint: cloud.endpoint, credentials: cloud.credentials(role) }),
    outputsOf(name) {
      const file = join(folder, `${name}.json`);
      writeFileSync(file, JSON.stringify({ ...outputs, custom: { ...outputs.custom, deployment: name } }));
      return file;
    },
    run: (command, { role = 'operator', answers = [], environment = {} } = {}) =>
      new Promise((resolve, reject) => {
        const { accessKeyId, secretAccessKey, sessionToken } = cloud.credentials(role);
        const child = spawn(process.execPath, [main, ...command], {
          cwd: folder,
          env: {
            PATH: process.env.PATH,
            AWS_ENDPOINT_URL: cloud.endpoint,
            AWS_ACCESS_KEY_ID: accessKeyId,
            AWS_SECRET_ACCESS_KEY: secretAccessKey,
            AWS_SESSION_TOKEN: sessionToken,
            ...environment,
          },
        });
        let output = '';
        for (const stream of [child.stdout, child.stderr]) {
          stream.setEncoding('utf8').on('data', (text: string) => {
            output += text;
          });
        }
        child.once('error', reject);
        child.once('close', (code) => resolve({ code, output }));
        child.stdin.end(answers.map((line) => `${line}\n`).join(''));
      }),
    async close() {
      await cloud.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
