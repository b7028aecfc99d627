import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type DeploymentType, synthesise } from '../local/app/synthesise.ts';
import { adminsGroup } from './core/deployment-settings.ts';
import { readFields } from './data/resolver-harness.ts';

interface Resource {
  readonly stack: string;
  readonly id: string;
  readonly type: string;
  // biome-ignore lint/suspicious/noExplicitAny: template properties are JSON whose shape the type names
  readonly properties: any;
  readonly deletionPolicy: string | undefined;
}

/** Every resource of a synthesised deployment. */
class Templates {
  readonly resources: readonly Resource[];
  constructor(directory: string) {
    this.resources = readdirSync(directory)
      .filter((file) => file.endsWith('.template.json'))
      .flatMap((file) => {
        const { Resources } = JSON.parse(readFileSync(join(directory, file), 'utf8'));
        return Object.entries<{ Type: string; Properties?: object; DeletionPolicy?: string }>(Resources).map(
          ([id, { Type, Properties, DeletionPolicy }]) => ({
            stack: file,
            id,
            type: Type,
            properties: Properties ?? {},
            deletionPolicy: DeletionPolicy,
          }),
        );
      });
  }
  all(type: string): readonly Resource[] {
    return this.resources.filter((resource) => resource.type === type);
  }
  one(type: string, id = ''): Resource {
    const [found, ...others] = this.all(type).filter((resource) => resource.id.includes(id));
    if (!found || others.length > 0)
      throw new Error(`${type} ${id}: ${others.length + (found ? 1 : 0)} found`);
    return found;
  }
  /** The statements of the policies attached to a role, by a part of its logical id. */
  statementsOf(role: string): readonly Statement[] {
    return this.all('AWS::IAM::Policy')
      .filter(({ properties }) => JSON.stringify(properties.Roles).includes(role))
      .flatMap(({ properties }) => properties.PolicyDocument.Statement);
  }
}

interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Condition?: unknown;
}
const actionsOf = (statements: readonly Statement[]) => statements.flatMap(({ Action }) => Action).sort();
const having = (statements: readonly Statement[], action: string) =>
  statements.filter(({ Action }) => [Action].flat().includes(action));

const folder = mkdtempSync(join(tmpdir(), 'backend-'));
const synthesised = async (name: string, type: DeploymentType, environment: Record<string, string> = {}) => {
  await synthesise(join(folder, name), type, environment);
  return new Templates(join(folder, name));
};
let sandbox: Templates;
let branch: Templates;

beforeAll(async () => {
  [sandbox, branch] = await Promise.all([synthesised('sandbox', 'sandbox'), synthesised('branch', 'branch')]);
}, 300_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('While nobody talks', () => {
  test.each([
    'AWS::EC2::NatGateway',
    'AWS::EC2::EIP',
    'AWS::EC2::Instance',
    'AWS::ElasticLoadBalancingV2::LoadBalancer',
    'AWS::ECS::Service',
    'AWS::SecretsManager::Secret',
    'AWS::KMS::Key',
    'AWS::CloudWatch::CompositeAlarm',
    'AWS::EC2::FlowLog',
    'AWS::Lambda::Alias',
    'AWS::OpenSearchService::Domain',
    'AWS::WAFv2::WebACL',
    'AWS::Route53::HostedZone',
    'AWS::EFS::FileSystem',
  ])('there is no %s to pay for', (type) => {
    expect(branch.all(type)).toEqual([]);
  });

  test('endpoints are of the kind that is free', () => {
    const endpoints = branch.all('AWS::EC2::VPCEndpoint');
    expect(endpoints).toHaveLength(2);
    expect(endpoints.every(({ properties }) => properties.VpcEndpointType === 'Gateway')).toBe(true);
  });

  test('tables are paid by request and no function is kept warm', () => {
    for (const { properties } of branch.all('Custom::AmplifyDynamoDBTable')) {
      expect(JSON.stringify(properties.billingMode)).toContain('PAY_PER_REQUEST');
    }
    expect(JSON.stringify(branch.resources)).not.toMatch(/ProvisionedConcurren/);
    expect(branch.one('AWS::ECS::Cluster').properties.ClusterSettings).toEqual([
      { Name: 'containerInsights', Value: 'disabled' },
    ]);
    expect(branch.one('AWS::Cognito::UserPool').properties.UserPoolTier).toBe('ESSENTIALS');
  });

  test('the registry keeps three images, and logs last a week', () => {
    const { LifecyclePolicyText } = branch.one('AWS::ECR::Repository').properties.LifecyclePolicy;
    expect(JSON.parse(LifecyclePolicyText).rules).toEqual([
      expect.objectContaining({
        selection: { tagStatus: 'any', countType: 'imageCountMoreThan', countNumber: 3 },
        action: { type: 'expire' },
      }),
    ]);
    for (const group of branch.all('AWS::Logs::LogGroup')) {
      expect(group.properties.RetentionInDays, group.id).toBe(7);
    }
  });

  test('every function and the build log into a group that forgets', () => {
    const groups = branch.all('AWS::Logs::LogGroup');
    for (const { stack, id, properties } of branch.all('AWS::Lambda::Function')) {
      const group = properties.LoggingConfig?.LogGroup?.Ref;
      expect(
        groups.some((each) => each.stack === stack && each.id === group),
        id,
      ).toBe(true);
    }
    const project = branch.one('AWS::CodeBuild::Project');
    expect(project.properties.LogsConfig).toBeUndefined();
    const names = groups.map(({ properties }) => JSON.stringify(properties.LogGroupName ?? ''));
    expect(
      names.filter((name) => name.includes('/aws/codebuild/') && name.includes(project.id)),
    ).toHaveLength(1);
  });
});

describe('Somebody who is not looking', () => {
  const email = 'owner@example.com';
  let told: Templates;
  beforeAll(async () => {
    told = await synthesised('told', 'branch', {
      SERVERLESS_OPENCLAW_ALERT_EMAIL: email,
      SERVERLESS_OPENCLAW_BUDGET_USD: '25',
      SERVERLESS_OPENCLAW_ALARM_TASK_HOURS: '5',
    });
  });
  const alarm = (templates: Templates, id: string) => templates.one('AWS::CloudWatch::Alarm', id).properties;

  test('is watched over within what an account has free: ten alarms of one metric, three dashboards of fifty metrics', () => {
    const alarms = branch.all('AWS::CloudWatch::Alarm');
    expect(alarms).toHaveLength(5);
    // An alarm is charged by its metrics, and one of less than a minute costs three times as much.
    for (const { id, properties } of alarms) {
      expect(properties.Metrics, id).toBeUndefined();
      expect(properties.MetricName, id).toEqual(expect.any(String));
      expect(properties.Period, id).toBeGreaterThanOrEqual(60);
    }
    const boards = branch.all('AWS::CloudWatch::Dashboard');
    expect(boards).toHaveLength(1);
    const { DashboardBody } = boards[0]?.properties ?? {};
    expect(JSON.stringify(DashboardBody).match(/"metrics\\?":/g)?.length).toBeLessThan(50);
    const custom = branch
      .all('AWS::Logs::MetricFilter')
      .flatMap(({ properties }) =>
        properties.MetricTransformations.map((each: { MetricNamespace: string; MetricName: string }) =>
          [each.MetricNamespace, each.MetricName].join(' '),
        ),
      );
    expect([...new Set(custom)]).toEqual(['ServerlessOpenClaw/d1234567890abc-main FunctionErrors']);
    expect(sandbox.all('AWS::CloudWatch::Alarm')).toEqual([]);
    expect(sandbox.all('AWS::CloudWatch::Dashboard')).toEqual([]);
  });

  test('is told by every alarm, once there is an address, and by nothing without one', () => {
    expect(branch.all('AWS::SNS::Topic')).toEqual([]);
    expect(branch.all('AWS::Budgets::Budget')).toEqual([]);
    expect(told.one('AWS::SNS::Subscription').properties).toMatchObject({
      Protocol: 'email',
      Endpoint: email,
    });
    const topic = { Ref: told.one('AWS::SNS::Topic').id };
    for (const { properties } of told.all('AWS::CloudWatch::Alarm')) {
      expect(properties.AlarmActions).toEqual([topic]);
      expect(properties.AlarmDescription).toContain('docs/operations.md');
    }
  });

  test('hears of a month’s bill at half, four fifths and all of it, and when all of it is foreseen', () => {
    const { Budget, NotificationsWithSubscribers } = told.one('AWS::Budgets::Budget').properties;
    expect(Budget).toMatchObject({ BudgetLimit: { Amount: 25, Unit: 'USD' }, TimeUnit: 'MONTHLY' });
    expect(
      NotificationsWithSubscribers.map(
        (each: { Notification: { Threshold: number; NotificationType: string }; Subscribers: object[] }) => [
          each.Notification.Threshold,
          each.Notification.NotificationType,
          each.Subscribers,
        ],
      ),
    ).toEqual(
      [
        [50, 'ACTUAL'],
        [80, 'ACTUAL'],
        [100, 'ACTUAL'],
        [100, 'FORECASTED'],
      ].map((each) => [...each, [{ SubscriptionType: 'EMAIL', Address: email }]]),
    );
  });

  test('hears of failed messages, of task hours, of a sweeper that is silent, and of events that nobody could follow', () => {
    const dimensions = [{ Name: 'Deployment', Value: 'd1234567890abc-main' }];
    expect(alarm(branch, 'FailedMessages')).toMatchObject({
      ...{ MetricName: 'FailedMessages', Dimensions: dimensions, Statistic: 'Sum', Period: 3600 },
      ...{ Threshold: 5, ComparisonOperator: 'GreaterThanOrEqualToThreshold' },
    });
    expect(alarm(told, 'TaskHours')).toMatchObject({
      ...{ MetricName: 'RunningTasks', Dimensions: dimensions, Statistic: 'Sum', Period: 86_400 },
      // Twelve sweeps an hour count each task.
      Threshold: 5 * 12,
    });
    expect(alarm(branch, 'SweeperSilent')).toMatchObject({
      ...{ MetricName: 'RunningTasks', Dimensions: dimensions, Statistic: 'SampleCount', Period: 300 },
      ...{ Threshold: 1, ComparisonOperator: 'LessThanThreshold', TreatMissingData: 'breaching' },
      EvaluationPeriods: 3,
    });
    const letters = JSON.stringify(alarm(branch, 'DeadLetters').Dimensions);
    expect(letters).toContain('QueueName');
    const config = branch.one('AWS::Lambda::EventInvokeConfig').properties;
    expect(JSON.stringify(config.FunctionName)).toContain('taskchanged');
    expect(config.DestinationConfig.OnFailure.Destination['Fn::GetAtt'][0]).toBe(
      branch.one('AWS::SQS::Queue').id,
    );
    expect(branch.one('AWS::SQS::Queue').properties).toMatchObject({
      SqsManagedSseEnabled: true,
      MessageRetentionPeriod: 14 * 86_400,
    });
  });

  test('hears of every function of ours that fails by itself, and of no message that is refused', () => {
    const filters = branch.all('AWS::Logs::MetricFilter').map(({ properties }) => properties);
    const groups = new Set(filters.map(({ LogGroupName }) => JSON.stringify(LogGroupName)));
    const own = branch.all('AWS::Lambda::Function').filter(({ id }) => /^[a-z]+lambda/.test(id));
    expect(groups.size).toBe(own.length);
    expect(new Set(filters.map(({ FilterPattern }) => FilterPattern))).toEqual(
      new Set(['{ $.level = "error" }', '?"Task timed out" ?"Runtime exited" ?"Uncaught Exception"']),
    );
  });
});

describe('A task', () => {
  test('can’t be reached, and reaches the web only', () => {
    expect(branch.all('AWS::EC2::SecurityGroupIngress')).toEqual([]);
    const group = branch.one('AWS::EC2::SecurityGroup').properties;
    expect(group.SecurityGroupIngress).toBeUndefined();
    expect(group.SecurityGroupEgress.map((rule: { FromPort: number }) => rule.FromPort)).toEqual([443, 80]);
    expect(branch.all('AWS::EC2::Subnet')).toHaveLength(2);
  });

  test('runs on ARM64, on Spot or On-Demand, with a read-only root and no more than it needs to become another user', () => {
    const { properties } = branch.one('AWS::ECS::TaskDefinition');
    expect(properties).toMatchObject({
      Cpu: '1024',
      Memory: '2048',
      RequiresCompatibilities: ['FARGATE'],
      RuntimePlatform: { CpuArchitecture: 'ARM64', OperatingSystemFamily: 'LINUX' },
    });
    const [container, ...others] = properties.ContainerDefinitions;
    expect(others).toEqual([]);
    expect(container).toMatchObject({
      Name: 'agent',
      StopTimeout: 120,
      ReadonlyRootFilesystem: true,
      LogConfiguration: { LogDriver: 'awslogs' },
    });
    expect(container).not.toHaveProperty('Environment');
    expect(container).not.toHaveProperty('Secrets');
    expect(container).not.toHaveProperty('PortMappings');
    const byDefault =
      'AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE NET_RAW SETFCAP SETGID SETPCAP SETUID SYS_CHROOT';
    const { Drop, Add } = container.LinuxParameters.Capabilities;
    expect(Add).toBeUndefined();
    expect(byDefault.split(' ').filter((name) => !Drop.includes(name))).toEqual([
      'CHOWN',
      'KILL',
      'SETGID',
      'SETPCAP',
      'SETUID',
    ]);
    expect(
      branch.one('AWS::ECS::ClusterCapacityProviderAssociations').properties.CapacityProviders.sort(),
    ).toEqual(['FARGATE', 'FARGATE_SPOT']);
  });

  test('may write where its image says so, and nowhere else', () => {
    const { Volumes, ContainerDefinitions } = branch.one('AWS::ECS::TaskDefinition').properties;
    const paths = ContainerDefinitions[0].MountPoints.map(
      (point: { ContainerPath: string }) => point.ContainerPath,
    );
    const dockerfile = readFileSync(new URL('../container/Dockerfile', import.meta.url), 'utf8');
    expect(JSON.parse(/^VOLUME (.*)$/m.exec(dockerfile)?.[1] ?? '[]')).toEqual(paths);
    expect(Volumes).toHaveLength(paths.length);
  });

  test('may call exactly the fields that begin with the check of its session', () => {
    const statements = branch.statementsOf('AgentTaskRole');
    expect(actionsOf(statements)).toEqual(['appsync:GraphQL']);
    const granted = [...JSON.stringify(statements).matchAll(/\/types\/(\w+)\/fields\/(\w+|\*)/g)].map(
      ([, , field]) => field,
    );
    const checked = [...readFields()]
      .filter(([, [first]]) => first?.entry === './resolvers/authorize-task.js')
      .map(([field]) => field);
    expect(granted.sort()).toEqual(checked.sort());
    expect(checked.length).toBeGreaterThan(10);
    expect(statements[0]?.Resource).toHaveLength(granted.length);
    const role = branch.one('AWS::IAM::Role', 'AgentTaskRole').properties;
    expect(role.ManagedPolicyArns).toBeUndefined();
    expect(role.Policies).toBeUndefined();
  });

  test('is known to the API by its role’s name', () => {
    const { TASK_ROLE_NAME } = branch.one('AWS::AppSync::GraphQLApi').properties.EnvironmentVariables;
    expect(JSON.stringify(TASK_ROLE_NAME)).toMatch(/AgentTaskRole\w+Ref/);
  });

  test('is started by ECS of this account only, whose own role pulls one repository and writes one log', () => {
    for (const name of ['AgentTaskRole', 'AgentTaskExecutionRole']) {
      expect(branch.one('AWS::IAM::Role', name).properties.AssumeRolePolicyDocument.Statement).toEqual([
        {
          Action: 'sts:AssumeRole',
          Effect: 'Allow',
          Principal: { Service: 'ecs-tasks.amazonaws.com' },
          Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
        },
      ]);
    }
    expect(actionsOf(branch.statementsOf('AgentTaskExecutionRole'))).toEqual([
      'ecr:BatchCheckLayerAvailability',
      'ecr:BatchGetImage',
      'ecr:GetAuthorizationToken',
      'ecr:GetDownloadUrlForLayer',
      'logs:CreateLogStream',
      'logs:PutLogEvents',
    ]);
  });
});

describe('Functions', () => {
  const wakers = [
    ...['sendmessage', 'telegramwebhook', 'runschedules', 'retrymessage'],
    ...['wakeagent', 'taskchanged', 'sweepidle'],
  ];

  test.each(wakers)('%s runs the agent’s task on its cluster, with its two roles, and publishes', (name) => {
    const statements = branch.statementsOf(`${name}lambdaServiceRole`);
    for (const action of ['ecs:RunTask', 'ecs:StopTask']) {
      const [run, ...others] = having(statements, action);
      expect(others).toEqual([]);
      expect(JSON.stringify(run?.Condition)).toMatch(
        /^\{"ArnEquals":\{"ecs:cluster":\{"Ref":"\w*AgentCluster\w+Arn"\}\}\}$/,
      );
    }
    // One revision of one definition, by its whole name.
    expect(having(statements, 'ecs:RunTask')[0]?.Resource).toEqual({
      Ref: expect.stringMatching(/AgentTaskDefinition\w+Ref$/),
    });
    expect(having(statements, 'iam:PassRole')).toEqual([
      {
        Effect: 'Allow',
        Action: 'iam:PassRole',
        Resource: [
          { Ref: expect.stringMatching(/AgentTaskRole\w+Arn$/) },
          { Ref: expect.stringMatching(/AgentTaskExecutionRole\w+Arn$/) },
        ],
        Condition: { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } },
      },
    ]);
    const fields = JSON.stringify(having(statements, 'appsync:GraphQL').map(({ Resource }) => Resource));
    expect([...fields.matchAll(/\/types\/([^"]+)/g)].map(([, field]) => field)).toEqual([
      'Mutation/fields/systemPublish',
    ]);
  });

  test('are the only ones that run tasks or pass roles, and none may change what it may', () => {
    const allowed = wakers.map((name) => `${name}lambdaServiceRole`);
    for (const { id, properties } of branch.all('AWS::IAM::Policy')) {
      const actions = actionsOf(properties.PolicyDocument.Statement);
      const roles = JSON.stringify(properties.Roles);
      const mayRun = actions.some((action) => ['ecs:RunTask', 'iam:PassRole', 'ecs:*', '*'].includes(action));
      if (mayRun)
        expect(
          allowed.some((role) => roles.includes(role)),
          id,
        ).toBe(true);
      const own = /lambdaServiceRole|AgentTask/.test(roles);
      if (own)
        expect(
          actions.filter((action) => /^(iam:(?!PassRole)|sts:|lambda:(?!InvokeFunction$)|\*)/.test(action)),
          id,
        ).toEqual([]);
    }
  });

  test('never delete, scan or read another’s table', () => {
    const allowed: Record<string, string[]> = {
      sendmessage: ['GetItem', 'UpdateItem', 'PutItem', 'BatchGetItem'],
      telegramwebhook: ['GetItem', 'UpdateItem', 'PutItem', 'DeleteItem', 'BatchGetItem'],
      delivermessage: ['GetItem', 'UpdateItem', 'PutItem'],
      receivefiles: ['GetItem', 'UpdateItem'],
      linkchannel: ['GetItem', 'PutItem', 'DeleteItem'],
      managepush: ['Query', 'PutItem', 'DeleteItem'],
      pushanswer: ['Query', 'GetItem', 'DeleteItem'],
      manageschedules: ['Query', 'GetItem', 'PutItem', 'DeleteItem'],
      runschedules: ['Query', 'GetItem', 'UpdateItem', 'PutItem', 'DeleteItem', 'BatchGetItem'],
      retrymessage: ['GetItem', 'UpdateItem', 'PutItem', 'BatchGetItem'],
      wakeagent: ['GetItem', 'UpdateItem', 'PutItem', 'BatchGetItem'],
      taskchanged: ['GetItem', 'UpdateItem', 'PutItem', 'BatchGetItem'],
      sweepidle: ['GetItem', 'UpdateItem', 'PutItem', 'BatchGetItem', 'Query'],
      servetask: ['GetItem', 'Query'],
      erasedata: ['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'Query'],
      servefiles: ['GetItem', 'UpdateItem'],
      servesnapshots: ['GetItem', 'UpdateItem'],
    };
    for (const [name, calls] of Object.entries(allowed)) {
      const actions = actionsOf(branch.statementsOf(`${name}lambdaServiceRole`));
      const used = actions.filter((action) => action.startsWith('dynamodb:'));
      expect(
        used.filter((action) => !calls.includes(action.slice('dynamodb:'.length))),
        name,
      ).toEqual([]);
    }
    // Messages are made in one place.
    const puts = (name: string) =>
      JSON.stringify(having(branch.statementsOf(`${name}lambdaServiceRole`), 'dynamodb:PutItem'));
    expect(puts('sendmessage')).toContain('MessageTable');
    expect(puts('telegramwebhook')).toContain('MessageTable');
    expect(puts('runschedules')).toContain('MessageTable');
    expect(puts('retrymessage')).not.toContain('MessageTable');
  });

  test('of Telegram read one secret each: the token is for those that deliver and that fetch files', () => {
    const readBy = (name: string) => {
      const statements = having(branch.statementsOf(`${name}lambdaServiceRole`), 'ssm:GetParameter');
      const text = JSON.stringify(statements.map(({ Resource }) => Resource));
      return [...text.matchAll(/d1234567890abc-main\/([\w/*-]+)/g)].map(([, parameter]) => parameter);
    };
    expect(readBy('delivermessage')).toEqual(['telegram/bot']);
    expect(readBy('receivefiles')).toEqual(['telegram/bot']);
    expect(readBy('telegramwebhook')).toEqual(['telegram/webhook-secret', 'telegram/profile']);
    expect(readBy('linkchannel')).toEqual(['telegram/profile']);
    for (const name of ['sendmessage', 'taskchanged', 'sweepidle']) expect(readBy(name)).toEqual([]);
    expect(readBy('servetask')).toEqual(['model-default', 'owners/*']);
  });

  test('that push read one key, which is no other’s, and write no message', () => {
    const statementsOf = (name: string) => branch.statementsOf(`${name}lambdaServiceRole`);
    expect(actionsOf(statementsOf('pushanswer'))).toEqual([
      'dynamodb:DeleteItem',
      'dynamodb:GetItem',
      'dynamodb:GetItem',
      'dynamodb:Query',
      'ssm:GetParameter',
    ]);
    expect(actionsOf(statementsOf('managepush'))).toEqual([
      'dynamodb:DeleteItem',
      'dynamodb:PutItem',
      'dynamodb:Query',
      'ssm:GetParameter',
    ]);
    for (const name of ['pushanswer', 'managepush'])
      expect(JSON.stringify(having(statementsOf(name), 'dynamodb:DeleteItem')[0]?.Resource)).toMatch(
        /PushDeviceTable/,
      );
    const readers = branch
      .all('AWS::IAM::Policy')
      .filter(({ properties }) => JSON.stringify(properties).includes('/web-push/access'))
      .map(({ properties }) => JSON.stringify(properties.Roles));
    expect(readers).toEqual([expect.stringContaining('pushanswerlambdaServiceRole')]);
  });

  test('that are told of the end of a message call those that deliver and push, three the one that fetches files, and one alone has a public address', () => {
    const calledBy = (name: string) => {
      const calls = having(branch.statementsOf(`${name}lambdaServiceRole`), 'lambda:InvokeFunction');
      const text = JSON.stringify(calls.map(({ Resource }) => Resource));
      return [...text.matchAll(/\["(\w+?)lambda\w+","Arn"\]/g)].map(([, callee]) => callee);
    };
    for (const name of [...wakers, 'erasedata']) {
      const fetching = ['telegramwebhook', 'retrymessage', 'sweepidle'].includes(name)
        ? ['receivefiles']
        : [];
      // What is still to be erased is found by the sweeper.
      const erasing = name === 'sweepidle' ? ['erasedata'] : [];
      // What it stops itself is no news.
      const pushing = name === 'erasedata' ? [] : ['pushanswer'];
      expect(calledBy(name).sort(), name).toEqual(['delivermessage', ...erasing, ...pushing, ...fetching]);
    }
    const urls = branch.all('AWS::Lambda::Url');
    expect(urls).toHaveLength(1);
    expect(JSON.stringify(urls[0]?.properties.TargetFunctionArn)).toContain('telegramwebhooklambda');
  });

  test('that fetches files of channels writes owners’ files and reads none', () => {
    const statements = branch.statementsOf('receivefileslambdaServiceRole');
    expect(actionsOf(statements)).toEqual([
      'appsync:GraphQL',
      'dynamodb:GetItem',
      'dynamodb:UpdateItem',
      'lambda:InvokeFunction',
      's3:DeleteObject',
      's3:PutObject',
      'ssm:GetParameter',
    ]);
    expect(JSON.stringify(having(statements, 's3:PutObject')[0]?.Resource)).toContain('/owners/*/files/*');
  });

  test('that serves snapshots reads those of owners, and writes nothing but what they import', () => {
    const statements = branch.statementsOf('servesnapshotslambdaServiceRole');
    expect(actionsOf(statements)).toEqual([
      'dynamodb:GetItem',
      'dynamodb:UpdateItem',
      's3:DeleteObjectTagging',
      's3:GetObject',
      's3:PutObject',
      's3:PutObjectTagging',
    ]);
    for (const action of ['s3:PutObject', 's3:PutObjectTagging', 's3:DeleteObjectTagging'])
      expect(JSON.stringify(having(statements, action)[0]?.Resource)).toContain(
        '/owners/*/snapshots/import-*',
      );
    expect(JSON.stringify(having(statements, 's3:GetObject')[0]?.Resource)).toContain(
      '/owners/*/snapshots/*',
    );
  });

  test('that answer tasks read owners’ files and keys, and list or delete nothing but snapshots', () => {
    const statements = branch.statementsOf('servetasklambdaServiceRole');
    expect(actionsOf(statements)).toEqual([
      'dynamodb:GetItem',
      'dynamodb:GetItem',
      'dynamodb:GetItem',
      'dynamodb:Query',
      'dynamodb:Query',
      's3:DeleteObject',
      's3:GetObject',
      's3:ListBucket',
      's3:PutObject',
      'ssm:GetParameter',
    ]);
    expect(JSON.stringify(having(statements, 's3:PutObject')[0]?.Resource)).toContain('/owners/*');
    expect(JSON.stringify(having(statements, 's3:DeleteObject')[0]?.Resource)).toContain(
      '/owners/*/snapshots/*',
    );
    expect(having(statements, 's3:ListBucket')[0]?.Condition).toEqual({
      StringLike: { 's3:prefix': 'owners/*/snapshots/' },
    });
    const parameters = JSON.stringify(having(statements, 'ssm:GetParameter')[0]?.Resource);
    expect([...parameters.matchAll(/:parameter(\/[^"]+)/g)].map(([, name]) => name)).toEqual([
      '/serverless-openclaw/d1234567890abc-main/model-default',
      '/serverless-openclaw/d1234567890abc-main/owners/*',
    ]);
  });

  test('that answer pages reach owners’ files and no snapshot', () => {
    const filesOf = (name: string) =>
      branch
        .statementsOf(`${name}lambdaServiceRole`)
        .filter(({ Action }) => JSON.stringify(Action).includes('s3:'));
    expect(actionsOf(filesOf('servefiles'))).toEqual([
      's3:DeleteObject',
      's3:GetObject',
      's3:PutObject',
      's3:PutObjectTagging',
    ]);
    expect(actionsOf(filesOf('sendmessage'))).toEqual(['s3:DeleteObjectTagging', 's3:GetObject']);
    for (const { Resource } of [...filesOf('servefiles'), ...filesOf('sendmessage')]) {
      expect(JSON.stringify(Resource)).toMatch(/"\/owners\/\*\/files\/\*"/);
    }
  });

  test('that erase what was deleted read and write no file or key, and start nothing', () => {
    const statements = branch.statementsOf('erasedatalambdaServiceRole');
    const beside = statements.filter(({ Action }) => !JSON.stringify(Action).includes('dynamodb:'));
    expect(actionsOf(beside)).toEqual([
      'appsync:GraphQL',
      'ecs:StopTask',
      'lambda:InvokeFunction',
      's3:DeleteObject',
      's3:ListBucket',
      'ssm:DeleteParameter',
    ]);
    expect(having(statements, 's3:ListBucket')[0]?.Condition).toEqual({
      StringLike: { 's3:prefix': 'owners/*/' },
    });
    expect(JSON.stringify(having(statements, 's3:DeleteObject')[0]?.Resource)).toMatch(/"\/owners\/\*"/);
  });

  test('that erase reach every table, and everything that any function may put into the bucket', () => {
    const erased = JSON.stringify(
      having(branch.statementsOf('erasedatalambdaServiceRole'), 'dynamodb:DeleteItem'),
    );
    for (const { id } of branch.all('Custom::AmplifyDynamoDBTable')) {
      expect(erased).toContain(id.replace(/Table$/, ''));
    }
    const puts = branch
      .all('AWS::IAM::Policy')
      .flatMap(({ properties }) => having(properties.PolicyDocument.Statement, 's3:PutObject'))
      .map(({ Resource }) => JSON.stringify(Resource))
      .filter((resource) => resource.includes('filesBucket'));
    expect(puts.length).toBeGreaterThan(1);
    for (const resource of puts) expect(resource).toContain('"/owners/*');
    // A version would outlive its object.
    expect(branch.one('AWS::S3::Bucket', 'filesBucket').properties.VersioningConfiguration).toBeUndefined();
  });

  test('that keep and try keys reach owners’ keys, and nothing else', () => {
    const calls: Record<string, string[]> = {
      managekey: ['ssm:DeleteParameter', 'ssm:GetParameter', 'ssm:PutParameter'],
      testmodel: ['ssm:GetParameter'],
    };
    for (const [name, actions] of Object.entries(calls)) {
      const statements = branch.statementsOf(`${name}lambdaServiceRole`);
      expect(actionsOf(statements), name).toEqual(actions);
      const resources = JSON.stringify(statements.map(({ Resource }) => Resource));
      expect([...resources.matchAll(/:parameter(\/[^"]+)/g)].map(([, path]) => path)).toEqual([
        '/serverless-openclaw/d1234567890abc-main/owners/*/provider-key',
      ]);
    }
  });

  test('run on ARM64 with the time that a cold start needs', () => {
    const own = branch.all('AWS::Lambda::Function').filter(({ id }) => /^[a-z]+lambda/.test(id));
    expect(own).toHaveLength(19);
    for (const { id, properties } of own) {
      // It asks a channel again for a minute, and nobody waits for it.
      const Timeout = id.startsWith('receivefiles') ? 120 : 30;
      expect(properties).toMatchObject({ Architectures: ['arm64'], Timeout });
    }
  });

  test('that keep and run schedules delete nothing but schedules, and the one that keeps them sends no message', () => {
    const statementsOf = (name: string) => branch.statementsOf(`${name}lambdaServiceRole`);
    expect(actionsOf(statementsOf('manageschedules'))).toEqual([
      'appsync:GraphQL',
      'dynamodb:DeleteItem',
      'dynamodb:GetItem',
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:Query',
    ]);
    for (const name of ['manageschedules', 'runschedules']) {
      const [deleting, ...others] = having(statementsOf(name), 'dynamodb:DeleteItem');
      expect([JSON.stringify(deleting?.Resource), others]).toEqual([
        expect.stringMatching(/ScheduleTable/),
        [],
      ]);
    }
    const [writing, ...others] = having(statementsOf('manageschedules'), 'dynamodb:PutItem');
    expect([JSON.stringify(writing?.Resource), others]).toEqual([expect.stringMatching(/ScheduleTable/), []]);
    const queries = having(statementsOf('runschedules'), 'dynamodb:Query');
    expect(queries.map(({ Resource }) => /index\/(\w+)/.exec(JSON.stringify(Resource))?.[1]).sort()).toEqual([
      'byNext',
      'byOwner',
    ]);
  });

  test('are called by the cluster’s task events, every five minutes, and every minute for schedules', () => {
    const { EventPattern, Targets } = branch.one('AWS::Events::Rule', 'taskchangedlambda').properties;
    expect(EventPattern).toMatchObject({ source: ['aws.ecs'], 'detail-type': ['ECS Task State Change'] });
    expect(JSON.stringify(EventPattern.detail)).toMatch(
      /^\{"clusterArn":\[\{"Ref":"\w*AgentCluster\w+Arn"\}\]\}$/,
    );
    expect(JSON.stringify(Targets)).toContain('taskchangedlambda');
    const scheduled = branch
      .all('AWS::Scheduler::Schedule')
      .map(({ properties: { ScheduleExpression, Target } }) => [
        /(\w+)lambda/.exec(JSON.stringify(Target))?.[1],
        ScheduleExpression,
      ]);
    expect(Object.fromEntries(scheduled)).toEqual({
      sweepidle: expect.stringMatching(/5 minutes|\/5/),
      runschedules: expect.stringMatching(/1 minute|\/1 |^cron\(\* /),
    });
  });

  test('hold no secret in their environment', () => {
    for (const { id, properties } of branch.all('AWS::Lambda::Function')) {
      expect(Object.keys(properties.Environment?.Variables ?? {}).join(' '), id).not.toMatch(
        /KEY|SECRET|TOKEN|PASSWORD/,
      );
    }
  });
});

describe('Rows', () => {
  test('are reached through this app’s own fields only: Amplify generates none', () => {
    const own = readdirSync(new URL('data/resolvers', import.meta.url)).length;
    expect(own).toBeGreaterThan(20);
    const generated = branch
      .all('AWS::AppSync::Resolver')
      .filter(
        ({ properties }) =>
          /^(get|list|create|update|delete|onCreate|onUpdate|onDelete)(Agent|Allowance|TaskSession|Settings|Message|Conversation|ChannelRow|Delivery|Deliverie|PushDevice|Schedule|Usage)s?$/.test(
            properties.FieldName,
          ) && properties.Runtime?.Name !== 'APPSYNC_JS',
      );
    expect(generated).toEqual([]);
  });

  test.each(['TaskSession', 'Allowance', 'Conversation'])('of %s end by themselves', (name) => {
    expect(branch.one('Custom::AmplifyDynamoDBTable', name).properties.timeToLiveSpecification).toEqual({
      attributeName: 'expiresAt',
      enabled: true,
    });
  });

  test('on a branch are protected; a sandbox can be thrown away', () => {
    for (const [templates, isProtected] of [
      [branch, true],
      [sandbox, false],
    ] as const) {
      const tables = templates.all('Custom::AmplifyDynamoDBTable');
      expect(tables).toHaveLength(11);
      for (const { properties } of tables) {
        expect(properties.deletionProtectionEnabled).toBe(isProtected);
        expect(properties.pointInTimeRecoverySpecification).toEqual({
          pointInTimeRecoveryEnabled: isProtected,
        });
      }
      expect(templates.one('AWS::Cognito::UserPool').properties.DeletionProtection).toBe(
        isProtected ? 'ACTIVE' : 'INACTIVE',
      );
      expect(templates.one('AWS::S3::Bucket', 'filesBucket').deletionPolicy).toBe(
        isProtected ? 'Retain' : 'Delete',
      );
    }
  });
});

describe('Files', () => {
  test('are private, encrypted with S3’s own keys, reached by TLS only, and no snapshot expires by age', () => {
    const { properties } = branch.one('AWS::S3::Bucket', 'filesBucket');
    expect(properties).toMatchObject({
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
      },
    });
    const expiring = properties.LifecycleConfiguration.Rules.filter((rule: object) =>
      JSON.stringify(rule).includes('Expiration'),
    );
    expect(expiring).toEqual([
      expect.objectContaining({ TagFilters: [{ Key: 'state', Value: 'unsent' }], ExpirationInDays: 1 }),
    ]);
    const policy = JSON.stringify(branch.one('AWS::S3::BucketPolicy', 'filesBucket').properties);
    expect(policy).toContain('"aws:SecureTransport":"false"');
  });
});

describe('A page', () => {
  const corsOf = (templates: Templates) =>
    templates.one('AWS::S3::Bucket', 'filesBucket').properties.CorsConfiguration.CorsRules;

  test('may put and get files from the web app’s own address only', async () => {
    expect(corsOf(branch)).toEqual([
      {
        AllowedOrigins: ['https://main.d1234567890abc.amplifyapp.com'],
        AllowedMethods: ['GET', 'PUT'],
        AllowedHeaders: ['content-type', 'x-amz-checksum-sha256', 'x-amz-tagging'],
        MaxAge: 3600,
      },
    ]);
    expect(corsOf(sandbox)[0].AllowedOrigins).toEqual(['http://localhost:*', 'http://127.0.0.1:*']);
  });
});

describe('Accounts', () => {
  const adminOnly = (templates: Templates) =>
    templates.one('AWS::Cognito::UserPool').properties.AdminCreateUserConfig.AllowAdminCreateUserOnly;

  test('can’t be made by strangers on a branch, can be made locally, and the setting decides', async () => {
    expect(adminOnly(branch)).toBe(true);
    expect(adminOnly(sandbox)).toBe(false);
    const open = await synthesised('open', 'branch', {
      SERVERLESS_OPENCLAW_SIGN_UP: 'open',
      SERVERLESS_OPENCLAW_TASK_MEMORY: '4096',
      SERVERLESS_OPENCLAW_LOG_DAYS: '30',
      SERVERLESS_OPENCLAW_EGRESS_PORTS: 'all',
    });
    expect(adminOnly(open)).toBe(false);
    expect(open.one('AWS::ECS::TaskDefinition').properties.Memory).toBe('4096');
    expect(open.all('AWS::Logs::LogGroup').every(({ properties }) => properties.RetentionInDays === 30)).toBe(
      true,
    );
    expect(open.one('AWS::EC2::SecurityGroup').properties.SecurityGroupEgress).toMatchObject([
      { IpProtocol: '-1' },
    ]);
  });

  test('may be admins, which opens what is the deployment’s and nothing of AWS', () => {
    const { GroupName, RoleArn } = branch.one('AWS::Cognito::UserPoolGroup').properties;
    expect(GroupName).toBe(adminsGroup);
    const role = branch.all('AWS::IAM::Role').find(({ id }) => JSON.stringify(RoleArn).includes(`"${id}"`));
    expect(role).toBeDefined();
    expect(role?.properties.Policies ?? role?.properties.ManagedPolicyArns).toBeUndefined();
    const attached = branch.all('AWS::IAM::Policy').map(({ properties }) => JSON.stringify(properties.Roles));
    expect(attached.filter((roles) => roles.includes(`"${role?.id}"`))).toEqual([]);
  });

  test('are needed for credentials', () => {
    expect(branch.one('AWS::Cognito::IdentityPool').properties.AllowUnauthenticatedIdentities).toBe(false);
  });

  test('may have a second factor from an authenticator app, and none that costs a message', () => {
    const { MfaConfiguration, EnabledMfas } = branch.one('AWS::Cognito::UserPool').properties;
    expect([MfaConfiguration, EnabledMfas]).toEqual(['OPTIONAL', ['SOFTWARE_TOKEN_MFA']]);
  });

  test('have long passwords', () => {
    expect(branch.one('AWS::Cognito::UserPool').properties.Policies.PasswordPolicy.MinimumLength).toBe(12);
  });
});

describe('A synthesis', () => {
  test('builds the same image from the same sources', async () => {
    const source = (templates: Templates) =>
      JSON.stringify(templates.one('Custom::CDKContainerImageBuild').properties.sourceS3Url);
    expect(source(branch)).toBe(source(sandbox));
    expect(branch.one('Custom::CDKContainerImageBuild').properties.buildCommand).toMatch(
      /--platform linux\/arm64 .*compression=zstd/,
    );
  });

  test.each([
    ['branch', 'ap-northeast-2', { TASK_CPU: '512', TASK_MEMORY: '1024', CAPACITY_POLICY: 'spot-only' }],
    ['sandbox', 'eu-central-1', { TASK_CPU: '4096', TASK_MEMORY: '30720', CAPACITY_POLICY: 'on-demand' }],
  ] as const)('of another size, as a %s in %s, warns of nothing', async (type, region, settings) => {
    const environment = Object.fromEntries(
      Object.entries(settings).map(([key, value]) => [`SERVERLESS_OPENCLAW_${key}`, value]),
    );
    const made = await synthesised(region, type, { ...environment, AWS_REGION: region });
    expect(made.one('AWS::ECS::TaskDefinition').properties).toMatchObject({
      Cpu: settings.TASK_CPU,
      Memory: settings.TASK_MEMORY,
    });
    const { CAPACITY_POLICY, ...size } = settings;
    expect(made.one('AWS::AppSync::GraphQLApi').properties.EnvironmentVariables).toMatchObject({
      ...{ ...size, CAPACITY_POLICY, IDLE_SECONDS: '600' },
      LARGEST_TASK_CPU: type === 'branch' ? '2048' : size.TASK_CPU,
      LARGEST_TASK_MEMORY: type === 'branch' ? '4096' : size.TASK_MEMORY,
    });
    const told = readdirSync(join(folder, region))
      .filter((file) => /(manifest|metadata)\.json$/.test(file))
      .map((file) => readFileSync(join(folder, region, file), 'utf8'));
    expect(told.length).toBeGreaterThan(0);
    expect(told.join('')).not.toMatch(/aws:cdk:(warning|error)/);
  });

  test('with a faulty setting fails and names it', async () => {
    await expect(
      synthesise(join(folder, 'faulty'), 'branch', { SERVERLESS_OPENCLAW_SIGN_UP: 'maybe' }),
    ).rejects.toThrow(/SERVERLESS_OPENCLAW_SIGN_UP/);
  });

  test('tells the web app what it needs to know', () => {
    const manifest = readdirSync(join(folder, 'branch')).find((file) =>
      /^amplify-.*template\.json$/.test(file),
    );
    const { Outputs } = JSON.parse(readFileSync(join(folder, 'branch', manifest ?? ''), 'utf8'));
    const { Value } = Outputs.customOutputs;
    // Addresses are known to CloudFormation only.
    const text =
      typeof Value === 'string'
        ? Value
        : Value['Fn::Join'][1]
            .map((part: unknown) => (typeof part === 'string' ? part : 'known-later'))
            .join('');
    expect(JSON.parse(text)).toMatchObject({
      custom: {
        telegramWebhookUrl: 'known-later',
        deployment: 'd1234567890abc-main',
        signUpOpen: false,
        idleSeconds: 600,
      },
    });
  });
});
