import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createGateway, listen } from './gateway.ts';
import { createIam } from './iam/iam.ts';
import type {
  Assembly,
  AwsService,
  CloudContext,
  InvokeResult,
  Resource,
  SessionCredentials,
} from './service.ts';

/** For tests: a resource as short as can be. The ARN of a role follows from its physical id. */
export interface TestResource {
  readonly type: string;
  readonly physicalId: string;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly arn?: string;
}

export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

/** Some services behind the real gateway, with the real IAM, on a folder that can be used again. */
export interface ServicesUnderTest {
  readonly endpoint: string;
  readonly context: CloudContext;
  readonly services: readonly AwsService[];
  readonly mails: readonly Mail[];
  readonly logs: readonly unknown[];
  readonly dataDirectory: string;
  /** Credentials of a role of the resources. */
  credentials(role: string): SessionCredentials;
  /** Moves the clock on. */
  pass(seconds: number): void;
  close(): Promise<void>;
}

export interface ServicesOptions {
  readonly resources: readonly TestResource[];
  readonly services: readonly ((context: CloudContext) => AwsService | Promise<AwsService>)[];
  readonly invoke?: (functionArn: string, event: unknown) => Promise<InvokeResult>;
  readonly assetPath?: (reference: string) => string;
  /** Those of an earlier one: the same folder and port, as after a restart. */
  readonly again?: { readonly dataDirectory: string; readonly endpoint: string };
}

export const account = '000000000000';
export const region = 'us-east-1';
const directories = new Set<string>();

/** A role that a function may assume, with one policy. */
export function testRole(
  name: string,
  statements: readonly unknown[],
  trust: unknown = functionTrust,
): TestResource {
  return {
    type: 'AWS::IAM::Role',
    physicalId: name,
    arn: roleArn(name),
    properties: {
      AssumeRolePolicyDocument: { Statement: [trust] },
      Policies: [{ PolicyName: 'own', PolicyDocument: { Statement: statements } }],
    },
  };
}
export const roleArn = (name: string) => `arn:aws:iam::${account}:role/${name}`;
const functionTrust = {
  Effect: 'Allow',
  Action: 'sts:AssumeRole',
  Principal: { Service: 'lambda.amazonaws.com' },
};

export async function startServices(options: ServicesOptions): Promise<ServicesUnderTest> {
  const dataDirectory = options.again?.dataDirectory ?? mkdtempSync(join(tmpdir(), 'services-'));
  directories.add(dataDirectory);
  const services: AwsService[] = [];
  const logs: unknown[] = [];
  const mails: Mail[] = [];
  const log = (event: unknown) => void logs.push(event);
  const gateway = createGateway({ services: () => services, corsOrigins: ['http://localhost:5173'], log });
  const port = await listen(
    gateway.server,
    Number(new URL(options.again?.endpoint ?? 'http://x:0').port || 0),
  );
  let offset = 0;
  const now = () => new Date(Date.now() + offset);
  const assembly = assemblyOf(options);
  const iam = createIam({
    assembly,
    region,
    accountId: account,
    dataDirectory: join(dataDirectory, 'iam'),
    now,
  });
  const context: CloudContext = {
    assembly,
    iam,
    region,
    accountId: account,
    dataDirectory,
    endpoint: `http://127.0.0.1:${port}`,
    now,
    log,
    invoke: options.invoke ?? (() => Promise.reject(new Error('no function is expected to run'))),
    emit: () => {},
    deliverMail: (mail) => void mails.push(mail),
    request: () => Promise.reject(new Error('no request is expected')),
  };
  async function close(): Promise<void> {
    for (const service of services) await service.close();
    gateway.server.closeAllConnections();
    await new Promise<void>((resolve) => gateway.server.close(() => resolve()));
  }
  try {
    for (const [index, create] of options.services.entries()) {
      const directory = join(dataDirectory, String(index));
      mkdirSync(directory, { recursive: true });
      services.push(await create({ ...context, dataDirectory: directory }));
    }
  } catch (error) {
    await close();
    throw error;
  }
  return {
    endpoint: context.endpoint,
    context,
    services,
    mails,
    logs,
    dataDirectory,
    credentials: (role) => iam.assumeRole({ roleArn: roleArn(role), sessionName: 'test' }),
    pass: (seconds) => {
      offset += seconds * 1000;
    },
    close,
  };
}

/** Removes the folders of all that was started. */
export function removeDirectories(): void {
  for (const directory of directories) rmSync(directory, { recursive: true, force: true });
  directories.clear();
}

function assemblyOf({ resources, assetPath }: ServicesOptions): Assembly {
  const all = resources.map(
    (each): Resource => ({
      stack: 'root',
      logicalId: each.physicalId.replace(/\W/g, ''),
      metadata: undefined,
      type: each.type,
      physicalId: each.physicalId,
      properties: each.properties,
      arn: each.arn,
    }),
  );
  return {
    directory: '/nowhere',
    resources: all,
    outputs: {},
    byType: (type) => all.filter((each) => each.type === type),
    assetPath:
      assetPath ??
      ((reference) => {
        throw new Error(`no asset ${reference}`);
      }),
  };
}
