import { AdminSetUserPasswordCommand } from '@aws-sdk/client-cognito-identity-provider';
import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { region } from '../cloud/services-under-test.ts';
import { type AccountUnderTest, accountUnderTest, deployment, poolId, table } from './account-under-test.ts';

const key = 'sk-a-very-secret-key';
const settingsTable = 'Settings-api123-NONE';
const settings = {
  ...table(settingsTable),
  properties: {
    KeySchema: [{ AttributeName: 'owner', KeyType: 'HASH' }],
    AttributeDefinitions: [{ AttributeName: 'owner', AttributeType: 'S' }],
  },
};
let account: AccountUnderTest;
beforeAll(async () => {
  account = await accountUnderTest([settings]);
});
afterAll(() => account.close());

const ssm = () =>
  new SSMClient({
    region,
    endpoint: account.cloud.endpoint,
    credentials: account.cloud.credentials('operator'),
  });
const stored = async (name: string) =>
  (
    await ssm().send(
      new GetParameterCommand({ Name: `/serverless-openclaw/${deployment}/${name}`, WithDecryption: true }),
    )
  ).Parameter;

describe('A new account', () => {
  test('is told everything that is missing, each with what to do, and changed in nothing', async () => {
    const { code, output } = await account.run(['doctor']);
    expect(code).toBe(1);
    expect(output).toContain('Account 000000000000, region us-east-1');
    expect(output).toContain('✗ The region is not bootstrapped for CDK');
    expect(output).toContain('npx aws-cdk@2 bootstrap aws://000000000000/us-east-1');
    expect(output).toContain('✓ Fargate Spot has room for 6 tasks at a time (6 vCPU, 1 a task)');
    expect(output).toContain('✓ Price, without the model: 0.025 USD an hour of a task; about 3.');
    expect(output).toContain('✗ No model is set');
    expect(output).toContain('✗ Nobody can sign in');
    expect(output).toContain('→ npm run setup');
    expect(output).toContain('3 missing.');
  });

  test('is told that a size leaves room for too few, and that a setting is wrong', async () => {
    const big = await account.run(['doctor'], {
      environment: { SERVERLESS_OPENCLAW_TASK_CPU: '4096', SERVERLESS_OPENCLAW_TASK_MEMORY: '8192' },
    });
    expect(big.output).toContain('• Fargate Spot has room for 1 task at a time (6 vCPU, 4 a task)');
    const wrong = await account.run(['doctor'], { environment: { SERVERLESS_OPENCLAW_TASK_CPU: '3' } });
    expect(wrong.code).toBe(1);
    expect(wrong.output).toContain('✗ Configuration: SERVERLESS_OPENCLAW_TASK_CPU');
  });

  test('is not called broken by who may not look', async () => {
    const { code, output } = await account.run(['doctor'], { role: 'visitor' });
    expect(code).toBe(0);
    expect(output).toContain('? Looking at the model: you may not call ssm:GetParameter');
    expect(output).not.toContain('✗');
  });
});

describe('Setting up', () => {
  test('refuses an answer that can’t be right, and stores nothing', async () => {
    const { code, output } = await account.run(['setup'], { answers: ['anthropic', 'claude-x', ''] });
    expect(code).toBe(1);
    expect(output).toContain('This provider needs a key.');
    await expect(stored('model-default')).rejects.toMatchObject({ name: 'ParameterNotFound' });
  });

  test('stores the model with its key, encrypted, invites the first user, and shows the key to nobody', async () => {
    const { code, output } = await account.run(['setup'], {
      answers: ['', 'claude-x', key, 'first@example.com', '', 'no', ''],
    });
    await expect(stored('web-push/profile')).rejects.toMatchObject({ name: 'ParameterNotFound' });
    expect(output).toContain('✓ Stored anthropic/claude-x');
    expect(output).toContain('✓ Invited first@example.com');
    expect(output).toContain('✓ first@example.com is an admin');
    expect(code).toBe(0);
    expect(output).not.toContain(key);
    const parameter = await stored('model-default');
    expect(parameter?.Type).toBe('SecureString');
    expect(JSON.parse(parameter?.Value ?? '')).toEqual({
      provider: 'anthropic',
      model: 'claude-x',
      apiKey: key,
    });
    expect(account.cloud.mails.map(({ to }) => to)).toEqual(['first@example.com']);
  });

  test('again leaves what is there, and invites again only who has not come yet', async () => {
    const { code, output } = await account.run(['setup'], {
      answers: ['no', 'first@example.com', 'no', 'no', ''],
    });
    expect(code).toBe(0);
    expect(output).toContain('✓ Invited first@example.com again.');
    expect(account.cloud.mails).toHaveLength(2);
    const { cognito } = account.clients('operator');
    const came = {
      UserPoolId: poolId,
      Username: 'first@example.com',
      Password: 'Correct-Horse-9',
      Permanent: true,
    };
    await cognito.send(new AdminSetUserPasswordCommand(came));
    const late = await account.run(['setup'], { answers: ['no', 'first@example.com', 'no', 'no', ''] });
    expect(late.output).toContain('• first@example.com has an account already.');
    expect(account.cloud.mails).toHaveLength(2);
    expect(JSON.parse((await stored('model-default'))?.Value ?? '')).toMatchObject({ apiKey: key });
  });

  test('makes a key for Web Push once, stores it encrypted, and shows nothing of it', async () => {
    const answers = ['no', '', 'no', 'operator@example.com'];
    const wrong = await account.run(['setup'], { answers: ['no', '', 'no', 'operator'] });
    expect(wrong.output).toContain('That is no e-mail address.');
    const { code, output } = await account.run(['setup'], { answers });
    expect(code).toBe(0);
    const [access, profile] = await Promise.all([stored('web-push/access'), stored('web-push/profile')]);
    expect([access?.Type, profile?.Type]).toEqual(['SecureString', 'String']);
    const { privateKey, publicKey, contact } = JSON.parse(access?.Value ?? '');
    expect(contact).toBe('mailto:operator@example.com');
    expect(JSON.parse(profile?.Value ?? '')).toEqual({ publicKey });
    expect(output).not.toContain(privateKey);
    const again = await account.run(['setup'], { answers });
    expect(again.output).toContain('• They are set up.');
    expect((await stored('web-push/access'))?.Value).toBe(access?.Value);
  });

  test('stores limits below the configuration’s, which the doctor then tells', async () => {
    const high = await account.run(['setup'], { answers: ['no', '', 'yes', '6'] });
    expect(high.output).toContain('That is no amount up to 5');
    const before = await account.run(['doctor']);
    expect(before.output).toContain('✓ Limits. An account: 5 USD a day, 50 USD a month.');
    const { code, output } = await account.run(['setup'], {
      answers: ['no', '', 'yes', '2.50', '', '10', '100', ''],
    });
    expect(output).toContain('All accounts together: 20 USD a day, 200 USD a month');
    expect(code).toBe(0);
    const { dynamodb } = account.clients('operator');
    const Key = { owner: { S: 'deployment' } };
    const { Item } = await dynamodb.send(new GetItemCommand({ TableName: settingsTable, Key }));
    expect(Item).toEqual({
      ...{ ...Key, revision: { N: '1' }, dayCapCents: { N: '250' } },
      ...{ totalDayCapCents: { N: '1000' }, totalMonthCapCents: { N: '10000' } },
    });
    const doctor = await account.run(['doctor']);
    expect(doctor.output).toContain(
      '✓ Limits. An account: 2.5 USD a day, 50 USD a month. All accounts together: 10 USD a day, 100 USD a month',
    );
  });

  test('takes no key as an option', async () => {
    const { code, output } = await account.run(['setup', '--key', key]);
    expect(code).toBe(1);
    expect(output).toContain("Unknown option '--key'");
  });

  test('done, and bootstrapped, nothing is missing', async () => {
    await ssm().send(
      new PutParameterCommand({ Name: '/cdk-bootstrap/hnb659fds/version', Type: 'String', Value: '27' }),
    );
    const { code, output } = await account.run(['doctor'], {
      environment: { SERVERLESS_OPENCLAW_ALERT_EMAIL: 'me@example.com' },
    });
    expect(output).toContain('✓ Model: anthropic/claude-x, with a key');
    expect(output).toContain('✓ Sign-up is closed; 1 account');
    expect(output).toContain('Nothing is missing.');
    expect(output).not.toContain(key);
    expect(code).toBe(0);
  });
});

describe('Without credentials, or with somebody else’s', () => {
  test('it is said which, and what to do', async () => {
    const none = { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '', AWS_EC2_METADATA_DISABLED: 'true' };
    const without = await account.run(['doctor'], { environment: none });
    expect(without.code).toBe(1);
    expect(without.output).toContain('There are no AWS credentials.');
    const forged = await account.run(['doctor'], { environment: { AWS_SESSION_TOKEN: 'forged' } });
    expect(forged.output).toContain('AWS does not know these credentials.');
  });
});
