import { DescribeUserPoolCommand } from '@aws-sdk/client-cognito-identity-provider';
import { DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import { HeadBucketCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import { GetParametersByPathCommand, PutParameterCommand } from '@aws-sdk/client-ssm';
import { afterEach, describe, expect, test } from 'vitest';
import { region } from '../../cloud/services-under-test.ts';
import {
  type AccountUnderTest,
  accountUnderTest,
  bucket,
  deployment,
  poolId,
  table,
} from '../account-under-test.ts';
import type { Clients } from '../clients.ts';

let account: AccountUnderTest;
afterEach(() => account.close());

const prefix = `/serverless-openclaw/${deployment}`;
const own = `Message-api123-NONE`;
const another = `Message-other9-NONE`;
const isProtected = async (aws: Clients, TableName: string) =>
  (await aws.dynamodb.send(new DescribeTableCommand({ TableName }))).Table?.DeletionProtectionEnabled;
const poolProtection = async (aws: Clients) =>
  (await aws.cognito.send(new DescribeUserPoolCommand({ UserPoolId: poolId }))).UserPool?.DeletionProtection;

async function filled(part?: 'without its stack'): Promise<Clients> {
  account = await accountUnderTest([table(another), ...(part ? [] : [table(own)])], {
    pool: part === undefined,
  });
  const aws = account.clients('operator');
  await aws.s3.send(
    new PutObjectCommand({ Bucket: bucket, Key: 'owners/a/snapshots/1-1.tar.zst', Body: 'state' }),
  );
  await aws.ssm.send(
    new PutParameterCommand({ Name: `${prefix}/model-default`, Type: 'SecureString', Value: 'sk-secret' }),
  );
  await aws.ssm.send(
    new PutParameterCommand({ Name: '/serverless-openclaw/other/x', Type: 'String', Value: '1' }),
  );
  return aws;
}
const files = async (aws: Clients) =>
  (await aws.s3.send(new ListObjectsV2Command({ Bucket: bucket }))).KeyCount;
const parameters = async (aws: Clients, Path: string) =>
  ((await aws.ssm.send(new GetParametersByPathCommand({ Path, Recursive: true }))).Parameters ?? []).length;

describe('Taking a deployment down', () => {
  test('says what is there and what it would do, and does nothing of it', async () => {
    const aws = await filled();
    const { code, output } = await account.run(['teardown']);
    expect(code).toBe(0);
    expect(output).toContain(`table ${own}, protected from deletion`);
    expect(output).not.toContain(another);
    expect(output).toContain(`bucket ${bucket}: 1 files`);
    expect(output).toContain(`parameter ${prefix}/model-default`);
    expect(output).not.toContain('sk-secret');
    expect(output).toContain(`Nothing was changed. To go on: npm run teardown -- --yes ${deployment}`);
    expect(await isProtected(aws, own)).toBe(true);
    expect(await poolProtection(aws)).toBe('ACTIVE');
  });

  test('is refused under another deployment’s name', async () => {
    const aws = await filled();
    const { code, output } = await account.run(['teardown', '--yes', 'd123-develop']);
    expect(code).toBe(1);
    expect(output).toContain(`This is ${deployment}, not d123-develop. Nothing was changed.`);
    expect(await isProtected(aws, own)).toBe(true);
  });

  test('first takes the protection off, deletes no data, and leaves others’ tables alone', async () => {
    const aws = await filled();
    const { code, output } = await account.run(['teardown', '--yes', deployment]);
    expect(code).toBe(0);
    expect(await isProtected(aws, own)).toBe(false);
    expect(await isProtected(aws, another)).toBe(true);
    expect(await poolProtection(aws)).toBe('INACTIVE');
    expect(await files(aws)).toBe(1);
    expect(await parameters(aws, prefix)).toBe(1);
    expect(output).toContain('npx ampx sandbox delete');
  });

  test('after Amplify removed its part, deletes what that leaves, and nothing of another', async () => {
    const aws = await filled('without its stack');
    const dry = await account.run(['teardown']);
    expect(dry.output).toContain('This deletes all of it. Nothing brings it back.');
    expect(await files(aws)).toBe(1);
    const { code, output } = await account.run(['teardown', '--yes', deployment]);
    expect(output).toContain('1 files and their bucket deleted');
    expect(code).toBe(0);
    await expect(aws.s3.send(new HeadBucketCommand({ Bucket: bucket }))).rejects.toMatchObject({
      name: 'NotFound',
    });
    expect(await parameters(aws, prefix)).toBe(0);
    expect(await parameters(aws, '/serverless-openclaw/other')).toBe(1);
    const again = await account.run(['teardown', '--yes', deployment]);
    expect(again.output).toContain('Nothing is left of it but backups');
    expect(again.code).toBe(0);
  });

  test('tells a branch by its app, and Amplify’s command for it', async () => {
    await filled();
    const { output } = await account.run([
      'teardown',
      '--outputs',
      account.outputsOf('d1234567890abc-main'),
      '--yes',
      'd1234567890abc-main',
    ]);
    expect(output).toContain(
      `aws amplify delete-branch --region ${region} --app-id d1234567890abc --branch-name main`,
    );
  });

  test('is refused to who may not', async () => {
    await filled();
    const { code, output } = await account.run(['teardown', '--yes', deployment], { role: 'visitor' });
    expect(code).toBe(1);
    expect(output).toMatch(/you may not call/);
  });
});
