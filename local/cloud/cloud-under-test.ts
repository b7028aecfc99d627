import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HttpResponse, type HttpRequest as SdkRequest } from '@smithy/protocol-http';
import { createGateway } from './gateway.ts';
import { createIam } from './iam/iam.ts';
import { createInternalRequests } from './internal-request.ts';
import type { Assembly, AwsService, CloudContext, HttpReply, HttpRequest, Iam, Resource } from './service.ts';

export const accountId = '000000000000';
export const region = 'us-east-1';

/** A cloud of some services for tests: real IAM and routing, no network, resources written by the test. */
export interface CloudUnderTest {
  readonly services: AwsService[];
  readonly iam: Iam;
  /** Everything that was logged. */
  readonly logged: Readonly<Record<string, unknown>>[];
  readonly emitted: Parameters<CloudContext['emit']>[0][];
  context(name: string, more?: Partial<CloudContext>): CloudContext;
  /** Configuration of an SDK client that signs as a session of the role. */
  client(role: string, sessionName?: string): ClientConfiguration;
  route(request: HttpRequest): Promise<HttpReply>;
}

interface ClientConfiguration {
  readonly region: string;
  readonly endpoint: string;
  readonly maxAttempts: number;
  readonly credentials: ReturnType<Iam['assumeRole']>;
  readonly requestHandler: { handle(request: SdkRequest): Promise<{ response: HttpResponse }> };
}

/** A resource with what most need. `id` is its logical and its physical id. */
export function resource(
  type: string,
  id: string,
  properties: unknown,
  more: Partial<Resource> = {},
): Resource {
  return {
    stack: 'root',
    type,
    logicalId: id,
    physicalId: id,
    arn: undefined,
    metadata: undefined,
    properties,
    ...more,
  };
}

export const roleArn = (name: string) => `arn:aws:iam::${accountId}:role/${name}`;

/** A role that `service` may assume, under a condition if one is given, with these policy statements. */
export function role(
  name: string,
  statements: readonly object[],
  service = 'lambda.amazonaws.com',
  Condition?: object,
): Resource {
  const trust = [
    {
      ...{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: service } },
      ...(Condition ? { Condition } : {}),
    },
  ];
  return resource(
    'AWS::IAM::Role',
    name,
    {
      AssumeRolePolicyDocument: { Statement: trust },
      Policies: [{ PolicyName: name, PolicyDocument: { Statement: statements } }],
    },
    { arn: roleArn(name) },
  );
}

export const allow = (
  Action: string | readonly string[],
  Resource: string | readonly string[],
  Condition?: object,
) => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...(Condition ? { Condition } : {}),
});

export function cloudUnderTest(
  resources: readonly Resource[],
  options: { directory?: string; now?: () => Date; assets?: (reference: string) => string } = {},
): CloudUnderTest {
  const directory = options.directory ?? mkdtempSync(join(tmpdir(), 'cloud-'));
  const now = options.now ?? (() => new Date());
  const endpoint = 'http://127.0.0.1:4566';
  const assembly: Assembly = {
    directory,
    resources,
    outputs: {},
    byType: (type) => resources.filter((each) => each.type === type),
    assetPath: options.assets ?? (() => directory),
  };
  const iam = createIam({ assembly, region, accountId, dataDirectory: join(directory, 'iam'), now });
  const services: AwsService[] = [];
  const logged: Readonly<Record<string, unknown>>[] = [];
  const emitted: Parameters<CloudContext['emit']>[0][] = [];
  const { route } = createGateway({
    services: () => services,
    corsOrigins: [],
    log: (event) => logged.push(event),
  });
  return {
    services,
    iam,
    logged,
    emitted,
    route,
    context(name, more = {}) {
      const dataDirectory = join(directory, name);
      mkdirSync(dataDirectory, { recursive: true });
      return {
        assembly,
        iam,
        region,
        accountId,
        dataDirectory,
        endpoint,
        now,
        log: (event) => logged.push(event),
        invoke: () => Promise.reject(new Error('no Lambda here')),
        emit: (event) => emitted.push(structuredClone(event)),
        deliverMail: () => {},
        request: createInternalRequests({ iam, region, endpoint, now, route }),
        ...more,
      };
    },
    client: (name, sessionName = 'test') => ({
      region,
      endpoint,
      maxAttempts: 1,
      credentials: iam.assumeRole({ roleArn: roleArn(name), sessionName }),
      requestHandler: {
        handle: async (request) => ({ response: toResponse(await route(received(request))) }),
      },
    }),
  };
}

/** What the gateway would hand on of a request that an SDK client sends. */
function received(request: SdkRequest): HttpRequest {
  const pairs = Object.entries(request.query ?? {}).flatMap(([name, value]) =>
    [value].flat().map((each) => `${encodeURIComponent(name)}=${encodeURIComponent(each ?? '')}`),
  );
  const search = pairs.length > 0 ? `?${pairs.join('&')}` : '';
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
  return {
    method: request.method,
    url: new URL(`http://${headers.host}${request.path}${search}`),
    rawPath: request.path,
    headers,
    body:
      typeof request.body === 'string'
        ? Buffer.from(request.body)
        : Buffer.copyBytesFrom(request.body ?? new Uint8Array()),
  };
}

function toResponse({ status, headers = {}, body = '' }: HttpReply): HttpResponse {
  const bytes = Buffer.from(body);
  return new HttpResponse({ statusCode: status, headers: { ...headers }, body: new Uint8Array(bytes) });
}
