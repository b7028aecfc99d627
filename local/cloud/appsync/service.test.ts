import { describe, expect, it } from 'vitest';
import { API_ARN, type ApiUnderTest, ask, asRole, createApiUnderTest, unit } from './api-under-test.ts';

const schema = `
type Query @aws_api_key @aws_iam { echo(text: String!, at: AWSDateTime, data: AWSJSON): Echo  fail: Echo  soft: Echo  list: [Echo]  mine: String @aws_iam  call: String }
type Mutation @aws_api_key @aws_iam { one: String two: String }
type Echo @aws_api_key @aws_iam { text: String! data: AWSJSON hidden: String @aws_iam nested: Echo kind: Kind }
enum Kind { A B }
`;

function api(options: Partial<ApiUnderTest> = {}) {
  return createApiUnderTest({
    schema,
    resolvers: [
      unit('Query.echo', 'ctx.result'),
      unit(
        'Query.fail',
        "return util.error('Broken', 'Mine', { text: 't', secret: 's', nested: { text: 'n' } }, { code: 7 });",
      ),
      unit(
        'Query.soft',
        "util.appendError('Careful', 'Soft'); util.http.addResponseHeader('x-count', 3); return { text: 't' };",
      ),
      unit('Query.list', "return [{ text: 'a' }, { text: null }, { text: 'c', kind: 'A' }];"),
      unit('Query.mine', 'ctx.identity.userArn'),
      unit('Mutation.one', "'1'"),
      unit('Mutation.two', "'2'"),
      unit('Echo.nested', "ctx.source.text + '!' === 'stop!' ? null : { text: ctx.source.text + '!' }"),
    ],
    ...options,
  });
}

describe('a GraphQL request', () => {
  it('resolves fields, nested fields and scalars', async () => {
    const { status, body } = await ask(
      api(),
      `{ echo(text: "hi", data: "{\\"a\\":1}") { t: text data nested { text } } }`,
    );
    expect(status).toBe(200);
    expect(body).toEqual({ data: { echo: { t: 'hi', data: '{"a":1}', nested: { text: 'hi!' } } } });
  });

  it("has an error in AppSync's form, its data cut down to the selection", async () => {
    const { body } = await ask(api(), '{ fail { text nested { text } } }');
    expect(body).toEqual({
      data: { fail: null },
      errors: [
        {
          path: ['fail'],
          data: { text: 't', nested: { text: 'n' } },
          errorType: 'Mine',
          errorInfo: { code: 7 },
          locations: [{ line: 1, column: 3, sourceName: null }],
          message: 'Broken',
        },
      ],
    });
  });

  it('keeps the data beside an appended error and sends the headers that were added', async () => {
    const { body, headers } = await ask(api(), '{ soft { text } }');
    expect(body).toMatchObject({
      data: { soft: { text: 't' } },
      errors: [{ path: ['soft'], errorType: 'Soft', message: 'Careful' }],
    });
    expect(headers['x-count']).toBe('3');
  });

  it('names a missing value that the schema promises', async () => {
    const { body } = await ask(api(), '{ list { text kind } }');
    expect(body.data).toEqual({ list: [{ text: 'a', kind: null }, null, { text: 'c', kind: 'A' }] });
    expect(body.errors).toEqual([
      {
        path: ['list', 1, 'text'],
        locations: null,
        message: "Cannot return null for non-nullable type: 'String' within parent 'Echo' (/list[1]/text)",
      },
    ]);
  });

  it.each([
    ['{ nope }', 'Validation error of type FieldUndefined'],
    ['{ echo { text } }', 'Validation error of type MissingFieldArgument'],
    ['{ echo(text: "a", at: "yesterday") { text } }', 'valid AWSDateTime'],
    ['{ echo(text: "a") }', 'Validation error of type SubSelectionRequired'],
    ['query ($t: String) { echo(text: $t) { text } }', 'Validation error of type VariableTypeMismatch'],
  ])('%s is refused before anything runs', async (query, message) => {
    const { body } = await ask(api({ resolvers: [] }), query);
    expect(body.data).toBeNull();
    expect(body.errors[0].message).toContain(message);
  });

  it.each([
    ['{', 400, 'MalformedHttpRequestException'],
    ['', 400, 'MalformedHttpRequestException'],
  ])('%j is malformed', async (query, status, errorType) => {
    expect(await ask(api(), query)).toMatchObject({ status, body: { errors: [{ errorType }] } });
  });

  it('does not show a fault of the cloud itself, which is logged', async () => {
    const logged: unknown[] = [];
    const service = createApiUnderTest({
      schema,
      log: (event) => logged.push(event),
      dataSources: [
        {
          Name: 'Broken',
          Type: 'AWS_LAMBDA',
          ServiceRoleArn: 'role/r',
          LambdaConfig: { LambdaFunctionArn: 'arn:fn' },
        },
      ],
      resolvers: [
        { ...unit('Query.call', 'ctx.result', "{ operation: 'Invoke' }"), DataSourceName: 'Broken' },
      ],
      invoke: () => Promise.reject(new TypeError('secret inner state')),
    });
    const { body } = await ask(service, '{ call }');
    expect(body.errors).toMatchObject([
      { path: ['call'], errorType: 'InternalFailure', message: 'Internal failure' },
    ]);
    expect(logged).toMatchObject([
      { event: 'appsync.internal', error: expect.stringContaining('secret inner state') },
    ]);
  });

  it('is refused when it is larger than a megabyte', async () => {
    const answer = await ask(api(), `{ echo(text: "${'x'.repeat(1024 * 1024)}") { text } }`);
    expect(answer).toMatchObject({
      status: 413,
      body: { errors: [{ errorType: 'RequestEntityTooLargeException' }] },
    });
  });

  it('is refused when it is deeper than the API allows', async () => {
    const { body } = await ask(
      api({ api: { QueryDepthLimit: 2 } }),
      '{ echo(text: "a") { nested { text } } }',
    );
    expect(body.errors[0].errorType).toBe('QueryDepthLimitReached');
  });

  it('may not look at the schema where introspection is disabled', async () => {
    const disabled = api({ api: { IntrospectionConfig: 'DISABLED' } });
    expect((await ask(disabled, '{ __schema { queryType { name } } }')).body.errors[0].errorType).toBe(
      'IntrospectionDisabled',
    );
    expect((await ask(api(), '{ __schema { queryType { name } } }')).body.data.__schema.queryType.name).toBe(
      'Query',
    );
  });
});

describe('a caller', () => {
  it('without credentials is refused', async () => {
    expect(await ask(api(), '{ soft { text } }', {})).toEqual({
      status: 401,
      headers: expect.anything(),
      body: {
        errors: [{ errorType: 'UnauthorizedException', message: 'Valid authorization header not provided.' }],
      },
    });
  });

  it('with a wrong key, an unknown token or a forged signature is refused', async () => {
    const wrong = [{ 'x-api-key': 'da2-wrong' }, { authorization: 'a.b.c' }, asRole('forged')];
    const answers = await Promise.all(wrong.map((headers) => ask(api(), '{ soft { text } }', headers)));
    expect(answers.map(({ status, body }) => [status, body.errors[0].errorType, body.data])).toEqual([
      [401, 'UnauthorizedException', undefined],
      [401, 'UnauthorizedException', undefined],
      [403, 'UnrecognizedClientException', undefined],
    ]);
  });

  it("reads only what its way of signing in is given, field by field: a field's directive overrides its type's", async () => {
    const { body } = await ask(api(), '{ mine echo(text: "a") { text hidden } }');
    expect(body.data).toEqual({ mine: null, echo: { text: 'a', hidden: null } });
    expect(
      body.errors.map((error: { message: string; errorType: string }) => [error.errorType, error.message]),
    ).toEqual([
      ['Unauthorized', 'Not Authorized to access mine on type Query'],
      ['Unauthorized', 'Not Authorized to access hidden on type Echo'],
    ]);
  });

  it('signed in by IAM shows its identity and needs a policy for each top-level field', async () => {
    const service = api({
      allow: [
        `worker appsync:GraphQL ${API_ARN}/types/Query/fields/mine`,
        `worker appsync:GraphQL ${API_ARN}/types/Mutation/fields/one`,
      ],
    });
    expect((await ask(service, '{ mine }', asRole('worker'))).body).toEqual({
      data: { mine: 'arn:aws:sts::000000000000:assumed-role/worker/session7' },
    });
    const mixed = await ask(service, 'mutation { one two }', asRole('worker'));
    expect(mixed.body).toMatchObject({
      data: { one: '1', two: null },
      errors: [{ path: ['two'], errorType: 'Unauthorized' }],
    });
    const denied = await ask(service, 'mutation { two }', asRole('worker'));
    expect(denied).toMatchObject({
      status: 401,
      body: { errors: [{ errorType: 'UnauthorizedException', message: 'Permission denied' }] },
    });
  });

  it('from an identity pool is told apart from its guests', async () => {
    const service = createApiUnderTest({
      schema: 'type Query @aws_iam { kind: String }',
      resolvers: [unit('Query.kind', 'ctx.identity.cognitoIdentityAuthType')],
      others: [
        {
          type: 'AWS::Cognito::IdentityPoolRoleAttachment',
          properties: { Roles: { unauthenticated: 'arn:aws:iam::000000000000:role/guest' } },
        },
      ],
    });
    const kinds = await Promise.all(
      ['worker', 'guest', 'member'].map(
        async (role) => (await ask(service, '{ kind }', asRole(role))).body.data.kind,
      ),
    );
    expect(kinds).toEqual([null, 'unauthenticated', 'authenticated']);
  });

  it('gets nothing by default on a type without directives that another mode owns', async () => {
    const service = createApiUnderTest({
      schema: 'type Query { a: String }',
      resolvers: [unit('Query.a', "'x'")],
    });
    expect((await ask(service, '{ a }')).body.data).toEqual({ a: 'x' });
    expect((await ask(service, '{ a }', asRole('worker'))).body).toMatchObject({
      data: { a: null },
      errors: [{ errorType: 'Unauthorized' }],
    });
  });
});

describe('a Lambda data source', () => {
  const call = (over: Partial<ApiUnderTest>) =>
    ask(
      createApiUnderTest({
        schema,
        dataSources: [
          {
            Name: 'Fn',
            Type: 'AWS_LAMBDA',
            ServiceRoleArn: 'arn:aws:iam::000000000000:role/fn',
            LambdaConfig: { LambdaFunctionArn: 'arn:fn' },
          },
        ],
        resolvers: [
          {
            ...unit(
              'Query.call',
              'return ctx.error ? util.error(ctx.error.message, ctx.error.type) : ctx.result;',
              "{ operation: 'Invoke', payload: { who: 'me' } }",
            ),
            DataSourceName: 'Fn',
          },
        ],
        ...over,
      }),
      '{ call }',
    );

  it('invokes the function with the payload', async () => {
    const invoked: unknown[] = [];
    const { body } = await call({
      invoke: async (arn, event) => {
        invoked.push([arn, event]);
        return { payload: 'answer' };
      },
    });
    expect(body).toEqual({ data: { call: 'answer' } });
    expect(invoked).toEqual([['arn:fn', { who: 'me' }]]);
  });

  it('tells what the function threw', async () => {
    const { body } = await call({
      invoke: async () => ({
        payload: { errorMessage: 'Oh no', errorType: 'RangeError' },
        functionError: 'Unhandled',
      }),
    });
    expect(body).toMatchObject({
      data: { call: null },
      errors: [{ errorType: 'Lambda:Unhandled', message: 'Oh no' }],
    });
  });

  it('does not invoke what its role may not', async () => {
    const { body } = await call({ allow: ['nobody'] });
    expect(body.errors[0]).toMatchObject({ errorType: 'Lambda:AccessDeniedException' });
    expect(body.errors[0].message).toContain(
      'not authorized to perform: lambda:InvokeFunction on resource: arn:fn',
    );
  });
});

describe('an API that this cloud does not serve is refused at the start', () => {
  const start = (over: Partial<ApiUnderTest>) => () =>
    createApiUnderTest({ schema: 'type Query { a: String }', ...over });

  it.each([
    [
      'an OIDC provider',
      { api: { AuthenticationType: 'OPENID_CONNECT' } },
      'the authentication type OPENID_CONNECT',
    ],
    [
      'a Lambda authorizer',
      { api: { AdditionalAuthenticationProviders: [{ AuthenticationType: 'AWS_LAMBDA' }] } },
      'the authentication type AWS_LAMBDA',
    ],
    ['a merged API', { api: { ApiType: 'MERGED' } }, 'merged APIs'],
    ['a cache', { others: [{ type: 'AWS::AppSync::ApiCache', properties: {} }] }, 'AWS::AppSync::ApiCache'],
    [
      'a second API',
      { others: [{ type: 'AWS::AppSync::GraphQLApi', properties: {} }] },
      'serves one GraphQL API',
    ],
    ['an HTTP source', { dataSources: [{ Name: 'Web', Type: 'HTTP' }] }, 'data sources of the type HTTP'],
    ['a cached resolver', { resolvers: [{ ...unit('Query.a', '1'), CachingConfig: { Ttl: 1 } }] }, 'caching'],
    ['refused code', { resolvers: [unit('Query.a', 'return /x/;')] }, 'no-regex'],
    [
      'a missing function',
      { resolvers: [{ ...unit('Query.a', '1'), Kind: 'PIPELINE', PipelineConfig: { Functions: ['gone'] } }] },
      'names the function gone',
    ],
    [
      'too many functions',
      {
        resolvers: [
          { ...unit('Query.a', '1'), Kind: 'PIPELINE', PipelineConfig: { Functions: Array(11).fill('f') } },
        ],
      },
      'more than 10',
    ],
    [
      'a role that does not trust AppSync',
      {
        dataSources: [
          {
            Name: 'T',
            Type: 'AMAZON_DYNAMODB',
            ServiceRoleArn: 'role/untrusting',
            DynamoDBConfig: { TableName: 't' },
          },
        ],
      },
      'does not trust',
    ],
  ] satisfies [string, Partial<ApiUnderTest>, string][])('%s', (_, over, message) => {
    expect(start(over)).toThrow(message);
  });
});
