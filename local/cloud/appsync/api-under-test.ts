import {
  type Assembly,
  AwsError,
  type AwsService,
  type CloudContext,
  type Principal,
  type Resource,
} from '../service.ts';
import { createAppSync } from './service.ts';

/** For tests: an API made of a schema and some resolvers, in a cloud whose other services the test provides. */
export interface ApiUnderTest {
  readonly schema: string;
  readonly api?: Readonly<Record<string, unknown>>;
  readonly dataSources?: readonly Readonly<Record<string, unknown>>[];
  readonly functions?: readonly Readonly<Record<string, unknown>>[];
  readonly resolvers?: readonly Readonly<Record<string, unknown>>[];
  readonly others?: readonly {
    readonly type: string;
    readonly properties: Readonly<Record<string, unknown>>;
  }[];
  /** Actions and resources that roles may use, as `role action resource`; `*` ends a prefix. All when left out. */
  readonly allow?: readonly string[];
  readonly invoke?: CloudContext['invoke'];
  readonly request?: CloudContext['request'];
  readonly endpoint?: string;
  readonly now?: () => Date;
  readonly log?: CloudContext['log'];
}

export const API_ARN = 'arn:aws:appsync:us-east-1:000000000000:apis/api1';
export const API_KEY = 'da2-key';

/** Headers of a caller signed in by IAM: the fake signature names the role. */
export const asRole = (role: string) => ({ authorization: `AWS4-HMAC-SHA256 ${role}` });
export const withKey = { 'x-api-key': API_KEY };

export function createApiUnderTest(options: ApiUnderTest): AwsService {
  return createAppSync(createContext(options));
}

/** Sends a GraphQL request and returns its status and body. */
export async function ask(
  service: AwsService,
  query: string,
  headers: Record<string, string> = withKey,
  variables: Record<string, unknown> = {},
  // biome-ignore lint/suspicious/noExplicitAny: a GraphQL response of any shape
): Promise<{ status: number; headers: Readonly<Record<string, string>>; body: any }> {
  const answer = await service.handle({
    method: 'POST',
    url: new URL('http://127.0.0.1:1/graphql'),
    rawPath: '/graphql',
    headers,
    body: Buffer.from(JSON.stringify({ query, variables })),
  });
  return { status: answer.status, headers: answer.headers ?? {}, body: JSON.parse(String(answer.body)) };
}

function createContext(options: ApiUnderTest): CloudContext {
  return {
    assembly: createAssembly(options),
    region: 'us-east-1',
    accountId: '000000000000',
    dataDirectory: '/nowhere',
    endpoint: options.endpoint ?? 'http://127.0.0.1:1',
    now: options.now ?? (() => new Date('2026-05-04T03:02:01.007Z')),
    log: options.log ?? (() => {}),
    emit: () => {},
    deliverMail: () => {},
    invoke: options.invoke ?? (() => Promise.reject(new Error('No function is expected to run'))),
    request: options.request ?? (() => Promise.reject(new Error('No request is expected'))),
    iam: {
      assumeRole: () => {
        throw new Error('Not expected');
      },
      revoke: () => {},
      trusts: (roleArn) => !roleArn.includes('untrusting'),
      authenticate: async ({ headers }) =>
        principalOf(String(headers.authorization).replace('AWS4-HMAC-SHA256 ', '')),
      authorize: () => {
        throw new Error('Not expected');
      },
      allows: (principal, action, resource) =>
        (options.allow ?? ['*']).some((pattern) => {
          const asked = `${principal.roleArn.split('/').at(-1)} ${action} ${resource}`;
          return pattern.endsWith('*') ? asked.startsWith(pattern.slice(0, -1)) : asked === pattern;
        }),
    },
  };
}

function principalOf(role: string): Principal {
  if (role === 'forged')
    throw new AwsError('UnrecognizedClientException', 'The security token is invalid.', 403);
  return {
    accountId: '000000000000',
    roleArn: `arn:aws:iam::000000000000:role/${role}`,
    userArn: `arn:aws:sts::000000000000:assumed-role/${role}/session7`,
    userId: `AROA${role}:session7`,
    sessionName: 'session7',
    ...(role === 'guest' || role === 'member' ? { cognitoIdentityId: 'us-east-1:id' } : {}),
  };
}

function createAssembly(options: ApiUnderTest): Assembly {
  const resources = [
    resource(
      'AWS::AppSync::GraphQLApi',
      'Api',
      {
        AuthenticationType: 'API_KEY',
        AdditionalAuthenticationProviders: [{ AuthenticationType: 'AWS_IAM' }],
        ...options.api,
      },
      API_ARN,
    ),
    resource('AWS::AppSync::GraphQLSchema', 'Schema', { Definition: options.schema }),
    resource('AWS::AppSync::ApiKey', 'Key', {}, `${API_ARN}/apikeys/${API_KEY}`),
    resource('AWS::AppSync::DataSource', 'None', { Name: 'NONE_DS', Type: 'NONE' }),
    ...(options.dataSources ?? []).map((source) =>
      resource('AWS::AppSync::DataSource', String(source.Name), source),
    ),
    ...(options.functions ?? []).map((step) =>
      resource(
        'AWS::AppSync::FunctionConfiguration',
        String(step.Name),
        { DataSourceName: 'NONE_DS', ...step },
        `${API_ARN}/functions/${String(step.Name)}`,
      ),
    ),
    ...(options.resolvers ?? []).map((resolver) =>
      resource(
        'AWS::AppSync::Resolver',
        `${String(resolver.TypeName)}${String(resolver.FieldName)}`,
        resolver,
      ),
    ),
    ...(options.others ?? []).map(({ type, properties }) => resource(type, 'Other', properties)),
  ];
  return {
    directory: '/nowhere',
    resources,
    outputs: {},
    byType: (type) => resources.filter((one) => one.type === type),
    assetPath: (reference) => {
      throw new Error(`There is no asset ${reference}`);
    },
  };
}

function resource(type: string, logicalId: string, properties: object, arn?: string): Resource {
  return {
    stack: 'root/data',
    logicalId,
    type,
    properties,
    physicalId: arn ?? logicalId,
    arn,
    metadata: undefined,
  };
}

/** A unit resolver in JS on the NONE data source whose response is `body` (an expression over ctx). */
export function unit(field: string, body: string, request = '{ payload: ctx.args }') {
  const [TypeName, FieldName] = field.split('.');
  return {
    TypeName,
    FieldName,
    Kind: 'UNIT',
    DataSourceName: 'NONE_DS',
    Runtime: { Name: 'APPSYNC_JS', RuntimeVersion: '1.0.0' },
    Code: `import { util, extensions, runtime } from '@aws-appsync/utils';
export function request(ctx) { return ${request}; }
export function response(ctx) { ${body.includes('return') ? body : `return ${body};`} }`,
  };
}
