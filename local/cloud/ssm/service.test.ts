import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DeleteParameterCommand,
  DeleteParametersCommand,
  DescribeParametersCommand,
  GetParameterCommand,
  GetParameterHistoryCommand,
  GetParametersByPathCommand,
  GetParametersCommand,
  PutParameterCommand,
  SSMClient,
} from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { allow, type CloudUnderTest, cloudUnderTest, resource, role } from '../cloud-under-test.ts';
import type { AwsService, Resource } from '../service.ts';
import { createSsm } from './service.ts';

const arn = 'arn:aws:ssm:us-east-1:000000000000';
const template = (Value: string) =>
  resource('AWS::SSM::Parameter', '/app/days', { Name: '/app/days', Type: 'String', Value });
const roles = [
  role('all', [allow('ssm:*', '*')]),
  role('reader', [allow(['ssm:GetParameter', 'ssm:GetParameters'], `${arn}:parameter/app/*`)]),
];

const directory = mkdtempSync(join(tmpdir(), 'ssm-'));
let cloud: CloudUnderTest;
let ssm: AwsService;
function start(resources: readonly Resource[]): void {
  cloud = cloudUnderTest([...resources, ...roles], { directory });
  ssm = createSsm(cloud.context('ssm'));
  cloud.services.push(ssm);
}
async function restart(resources: readonly Resource[]): Promise<void> {
  await ssm.close();
  start(resources);
}
beforeAll(() => start([template('30')]));
afterAll(async () => {
  await ssm.close();
  rmSync(directory, { recursive: true });
});

const client = (name = 'all') => new SSMClient(cloud.client(name));
const put = (Name: string, Value: string, more = {}) =>
  client().send(new PutParameterCommand({ Name, Value, Type: 'String', ...more }));
const get = async (Name: string, WithDecryption = false) =>
  (await client().send(new GetParameterCommand({ Name, WithDecryption }))).Parameter;

test('a parameter is put once, overwritten only on purpose, and its versions stay readable', async () => {
  await put('/app/v', 'one');
  await expect(put('/app/v', 'two')).rejects.toMatchObject({ name: 'ParameterAlreadyExists' });
  await expect(put('/app/v', 'two', { Overwrite: true, Type: undefined })).resolves.toMatchObject({
    Version: 2,
  });
  await expect(get('/app/v')).resolves.toMatchObject({
    Value: 'two',
    Version: 2,
    ARN: `${arn}:parameter/app/v`,
  });
  await expect(get('/app/v:1')).resolves.toMatchObject({ Value: 'one', Selector: ':1' });
  await expect(get(`${arn}:parameter/app/v`)).resolves.toMatchObject({ Value: 'two' });
  await expect(get('/app/v:9')).rejects.toMatchObject({ name: 'ParameterVersionNotFound' });
  await expect(get('/app/none')).rejects.toMatchObject({ name: 'ParameterNotFound' });
});

test('a secure value is readable with decryption only, and nowhere on disk', async () => {
  const secret = 'sk-very-secret-value';
  await put('/app/key', secret, { Type: 'SecureString' });
  const opaque = await get('/app/key');
  expect(opaque?.Value).not.toContain(secret);
  await expect(get('/app/key', true)).resolves.toMatchObject({ Value: secret, Type: 'SecureString' });
  await expect(put('/app/key', 'plain', { Type: 'String', Overwrite: true })).rejects.toMatchObject({
    name: 'HierarchyTypeMismatchException',
  });
  const folder = join(directory, 'ssm');
  for (const file of readdirSync(folder))
    expect(readFileSync(join(folder, file)).includes(secret)).toBe(false);
  expect(statSync(join(folder, 'key')).mode & 0o777).toBe(0o600);
  expect(JSON.stringify(cloud.logged)).not.toContain(secret);
});

test('several are read at once, and what is not there is named', async () => {
  await put('/app/many/a', '1');
  const result = await client().send(new GetParametersCommand({ Names: ['/app/many/a', '/app/many/b'] }));
  expect(result.Parameters?.map(({ Name }) => Name)).toEqual(['/app/many/a']);
  expect(result.InvalidParameters).toEqual(['/app/many/b']);
});

test('a path is read page by page, with or without what lies deeper', async () => {
  for (const name of ['a', 'b', 'c', 'deep/d']) await put(`/tree/${name}`, name);
  await put('/treehouse', 'no');
  const names: string[] = [];
  let NextToken: string | undefined;
  do {
    const page = await client().send(
      new GetParametersByPathCommand({ Path: '/tree', Recursive: true, MaxResults: 2, NextToken }),
    );
    names.push(...(page.Parameters ?? []).map(({ Name = '' }) => Name));
    NextToken = page.NextToken;
  } while (NextToken);
  expect(names).toEqual(['/tree/a', '/tree/b', '/tree/c', '/tree/deep/d']);
  const flat = await client().send(new GetParametersByPathCommand({ Path: '/tree/' }));
  expect(flat.Parameters?.map(({ Name }) => Name)).toEqual(['/tree/a', '/tree/b', '/tree/c']);
  const described = await client().send(new DescribeParametersCommand({ MaxResults: 2 }));
  expect(described.Parameters).toHaveLength(2);
  expect(JSON.stringify(described)).not.toContain('Value');
});

test('what is deleted is gone', async () => {
  await put('/gone/a', '1');
  await client().send(new DeleteParameterCommand({ Name: '/gone/a' }));
  await expect(client().send(new DeleteParameterCommand({ Name: '/gone/a' }))).rejects.toMatchObject({
    name: 'ParameterNotFound',
  });
  await put('/gone/b', '1');
  await expect(
    client().send(new DeleteParametersCommand({ Names: ['/gone/a', '/gone/b'] })),
  ).resolves.toMatchObject({ DeletedParameters: ['/gone/b'], InvalidParameters: ['/gone/a'] });
});

test('a name, value or pattern that SSM refuses is refused, and changes nothing', async () => {
  await expect(put('ssm-x', '1')).rejects.toMatchObject({ name: 'ValidationException' });
  await expect(put('/aws/x', '1')).rejects.toMatchObject({ name: 'AccessDeniedException' });
  await expect(put('a/b', '1')).rejects.toMatchObject({ name: 'ValidationException' });
  await expect(put('/with space', '1')).rejects.toMatchObject({ name: 'ValidationException' });
  await expect(put(`/${Array(16).fill('x').join('/')}`, '1')).rejects.toMatchObject({
    name: 'HierarchyLevelLimitExceededException',
  });
  await expect(put('/big', 'x'.repeat(4097))).rejects.toMatchObject({ name: 'ValidationException' });
  await expect(put('/pattern', 'abc', { AllowedPattern: '\\d+' })).rejects.toMatchObject({
    name: 'ParameterPatternMismatchException',
  });
  await expect(put('/advanced', 'x', { Tier: 'Advanced' })).rejects.toMatchObject({
    name: 'ValidationException',
  });
  for (const name of ['/big', '/pattern', '/advanced']) {
    await expect(get(name)).rejects.toMatchObject({ name: 'ParameterNotFound' });
  }
});

test('a role reaches only what its policy names', async () => {
  await put('/other/x', 'secret');
  const reader = client('reader');
  await expect(reader.send(new GetParameterCommand({ Name: '/app/days' }))).resolves.toBeDefined();
  const denied = { name: 'AccessDeniedException' };
  await expect(reader.send(new GetParameterCommand({ Name: '/other/x' }))).rejects.toMatchObject(denied);
  await expect(reader.send(new GetParameterCommand({ Name: '/other/none' }))).rejects.toMatchObject(denied);
  await expect(
    reader.send(new GetParametersCommand({ Names: ['/app/days', '/other/x'] })),
  ).rejects.toMatchObject(denied);
  await expect(reader.send(new GetParametersByPathCommand({ Path: '/app' }))).rejects.toMatchObject(denied);
  await expect(
    reader.send(new PutParameterCommand({ Name: '/app/days', Value: '1', Overwrite: true })),
  ).rejects.toMatchObject(denied);
  await expect(client().send(new GetParameterHistoryCommand({ Name: '/app/days' }))).rejects.toMatchObject({
    name: 'UnknownOperationException',
    message: expect.stringContaining('GetParameterHistory'),
  });
});

test("a template's value gives way to one put since, until the template changes", async () => {
  await expect(get('/app/days')).resolves.toMatchObject({ Value: '30' });
  await put('/app/days', '60', { Overwrite: true });
  await restart([template('30')]);
  await expect(get('/app/days')).resolves.toMatchObject({ Value: '60' });
  await restart([template('90')]);
  await expect(get('/app/days')).resolves.toMatchObject({ Value: '90' });
  await expect(get('/app/key', true)).resolves.toMatchObject({ Value: 'sk-very-secret-value' });
  await restart([]);
  await expect(get('/app/days')).rejects.toMatchObject({ name: 'ParameterNotFound' });
});
