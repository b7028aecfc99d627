import {
  DescribeUserPoolCommand,
  ResourceNotFoundException,
} from '@aws-sdk/client-cognito-identity-provider';
import { DescribeTableCommand, paginateListTables } from '@aws-sdk/client-dynamodb';
import { type _Object, HeadBucketCommand, NotFound, paginateListObjectsV2 } from '@aws-sdk/client-s3';
import { paginateGetParametersByPath } from '@aws-sdk/client-ssm';
import { awsFault } from '../aws-fault.ts';
import type { Clients } from '../clients.ts';
import type { Deployment } from '../deployment.ts';

/** What is there of a deployment that holds people's data or secrets. */
export interface Remains {
  /** Tables and pool go with the deployment's stack, once they are not protected. */
  readonly tables: readonly { readonly name: string; readonly isProtected: boolean }[];
  readonly pool: { readonly users: number; readonly isProtected: boolean } | undefined;
  /** The bucket of a branch stays when the stack goes. `keys`: of every object in it. */
  readonly bucket: { readonly keys: readonly string[]; readonly bytes: number } | undefined;
  /** Names of parameters, without their values. They are no part of the stack. */
  readonly parameters: readonly string[];
}

/** Looks at everything. Throws a Fault where it can't. */
export async function remainsOf(clients: Clients, deployment: Deployment): Promise<Remains> {
  try {
    const [tables, pool, bucket, parameters] = await Promise.all([
      tablesOf(clients, deployment),
      poolOf(clients, deployment),
      bucketOf(clients, deployment),
      parametersOf(clients, deployment),
    ]);
    return { tables, pool, bucket, parameters };
  } catch (error) {
    throw awsFault(`Looking at what is there of ${deployment.id}`, error);
  }
}

async function tablesOf({ dynamodb }: Clients, { apiId }: Deployment): Promise<Remains['tables']> {
  const names: string[] = [];
  for await (const { TableNames = [] } of paginateListTables({ client: dynamodb }, {})) {
    names.push(...TableNames.filter((name) => name.endsWith(`-${apiId}-NONE`)));
  }
  return Promise.all(
    names.map(async (name) => {
      const { Table } = await dynamodb.send(new DescribeTableCommand({ TableName: name }));
      return { name, isProtected: Table?.DeletionProtectionEnabled === true };
    }),
  );
}

async function poolOf({ cognito }: Clients, { userPoolId }: Deployment): Promise<Remains['pool']> {
  try {
    const { UserPool } = await cognito.send(new DescribeUserPoolCommand({ UserPoolId: userPoolId }));
    return {
      users: UserPool?.EstimatedNumberOfUsers ?? 0,
      isProtected: UserPool?.DeletionProtection === 'ACTIVE',
    };
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}

async function bucketOf({ s3 }: Clients, { bucket: Bucket }: Deployment): Promise<Remains['bucket']> {
  try {
    await s3.send(new HeadBucketCommand({ Bucket }));
  } catch (error) {
    if (error instanceof NotFound) return undefined;
    throw error;
  }
  const objects: _Object[] = [];
  for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, { Bucket })) {
    objects.push(...Contents);
  }
  return {
    keys: objects.map(({ Key = '' }) => Key),
    bytes: objects.reduce((sum, { Size = 0 }) => sum + Size, 0),
  };
}

async function parametersOf({ ssm }: Clients, { id }: Deployment): Promise<readonly string[]> {
  const names: string[] = [];
  const input = { Path: `/serverless-openclaw/${id}`, Recursive: true };
  for await (const { Parameters = [] } of paginateGetParametersByPath({ client: ssm }, input)) {
    names.push(...Parameters.map(({ Name = '' }) => Name));
  }
  return names;
}
