import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createGateway, listen } from '../gateway.ts';
import type { AwsService } from '../service.ts';
import { API_ARN, asRole, createApiUnderTest, unit, withKey } from './api-under-test.ts';
import { type GraphQLSocket, openSocket } from './graphql-socket-under-test.ts';
import { createTokenIssuer, type TokenIssuer } from './token-issuer-under-test.ts';

const all = '@aws_api_key @aws_iam @aws_cognito_user_pools';
const schema = `
type Query ${all} { nothing: String }
type Mutation ${all} {
  send(owner: String!, text: String, count: Int): Note
  end(owner: String!): String
}
type Subscription ${all} {
  onSend(owner: String): Note @aws_subscribe(mutations: ["send"])
  onMine: Note @aws_subscribe(mutations: ["send"])
  onBig(least: Int!): Note @aws_subscribe(mutations: ["send"])
  onRefused: Note @aws_subscribe(mutations: ["send"])
  onIam: Note @aws_subscribe(mutations: ["send"]) @aws_iam
}
type Note ${all} { owner: String! text: String count: Int! secret: String @aws_iam }
`;

const resolvers = [
  unit(
    'Mutation.send',
    "return { owner: ctx.args.owner, text: ctx.args.text, count: ctx.args.count ?? 1, secret: 'hush' };",
  ),
  unit(
    'Mutation.end',
    "extensions.invalidateSubscriptions({ subscriptionField: 'onMine', payload: { owner: ctx.args.owner } }); return 'ended';",
  ),
  unit(
    'Subscription.onMine',
    `extensions.setSubscriptionFilter(util.transform.toSubscriptionFilter({ owner: { eq: ctx.identity.sub } }));
     extensions.setSubscriptionInvalidationFilter(util.transform.toSubscriptionFilter({ owner: { eq: ctx.identity.sub } }));
     return null;`,
  ),
  unit(
    'Subscription.onBig',
    'extensions.setSubscriptionFilter(util.transform.toSubscriptionFilter({ count: { ge: ctx.args.least } })); return null;',
  ),
  unit('Subscription.onRefused', "util.error('Not today', 'Refused'); return null;"),
];

let service: AwsService;
let issuer: TokenIssuer;
let endpoint: string;
let stop: () => void;
const sockets: GraphQLSocket[] = [];

beforeAll(async () => {
  const services: AwsService[] = [];
  const gateway = createGateway({ services: () => services, corsOrigins: [], log: () => {} });
  endpoint = `http://127.0.0.1:${await listen(gateway.server, 0)}`;
  issuer = await createTokenIssuer(endpoint, 'us-east-1_pool', 'client-1');
  service = createApiUnderTest({
    schema,
    resolvers,
    endpoint,
    now: () => new Date(),
    allow: [`worker appsync:GraphQL ${API_ARN}/types/Subscription/fields/onIam`],
    api: {
      AdditionalAuthenticationProviders: [
        { AuthenticationType: 'AWS_IAM' },
        { AuthenticationType: 'AMAZON_COGNITO_USER_POOLS', UserPoolConfig: { UserPoolId: 'us-east-1_pool' } },
      ],
    },
  });
  services.push(issuer.service, service);
  stop = () => gateway.server.close();
});

afterEach(() => {
  for (const socket of sockets.splice(0)) socket.close();
});

afterAll(async () => {
  await service.close();
  stop();
});

async function connect(header: Record<string, string> = withKey, how?: 'protocol' | 'query') {
  const socket = await openSocket(endpoint, header, how);
  sockets.push(socket);
  return socket;
}

async function subscribed(query: string, authorization: Record<string, string> = withKey, variables = {}) {
  const socket = await connect(authorization);
  await socket.init();
  socket.start('s1', query, authorization, variables);
  expect(await socket.next()).toEqual({ type: 'start_ack', id: 's1' });
  return socket;
}

async function post(query: string, headers: Record<string, string> = withKey) {
  const answer = await fetch(`${endpoint}/graphql`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ query }),
  });
  return (await answer.json()) as { data: unknown; errors?: { message: string }[] };
}

const send = (fields: string, args: string) => post(`mutation { send(${args}) { ${fields} } }`);
const withToken = async (sub: string, claims = {}) => ({ authorization: await issuer.token(sub, claims) });

describe('a connection', () => {
  it.each(['protocol', 'query'] as const)(
    'is acknowledged with its time limit, the header given by %s',
    async (how) => {
      const socket = await connect(withKey, how);
      expect(await socket.init()).toEqual({
        type: 'connection_ack',
        payload: { connectionTimeoutMs: 300000 },
      });
    },
  );

  it('is refused without a valid header', async () => {
    const socket = await connect({ 'x-api-key': 'da2-wrong' });
    expect(await socket.init()).toMatchObject({
      type: 'connection_error',
      payload: { errors: [{ errorType: 'UnauthorizedException', errorCode: 401 }] },
    });
  });

  it('takes no subscription before it is initialized', async () => {
    const socket = await connect();
    socket.start('s1', 'subscription { onSend { owner } }', withKey);
    expect(await socket.next()).toMatchObject({
      type: 'error',
      payload: { errors: [{ errorType: 'UnauthorizedException' }] },
    });
  });

  it('takes a hundred subscriptions and no more, and no name twice', async () => {
    const socket = await connect();
    await socket.init();
    for (let count = 0; count < 100; count += 1) {
      socket.start(`s${count}`, 'subscription { onSend { owner } }', withKey);
      expect((await socket.next()).type).toBe('start_ack');
    }
    socket.start('s7', 'subscription { onSend { owner } }', withKey);
    expect(await socket.next()).toMatchObject({
      id: 's7',
      payload: { errors: [{ errorType: 'DuplicatedOperationError' }] },
    });
    socket.start('s100', 'subscription { onSend { owner } }', withKey);
    expect(await socket.next()).toMatchObject({
      id: 's100',
      payload: { errors: [{ errorType: 'MaxSubscriptionsReachedError' }] },
    });
  });
});

describe('a subscription', () => {
  it('gets what the mutation selected, under the subscription’s own names', async () => {
    const socket = await subscribed('subscription { n: onSend { o: owner text count } }');
    await send('c: count owner', 'owner: "ann", text: "hi"');
    expect(await socket.next()).toEqual({
      id: 's1',
      type: 'data',
      payload: { data: { n: { o: 'ann', text: null, count: 1 } } },
    });
  });

  it('gets null and the reason when the mutation left out what the schema promises', async () => {
    const socket = await subscribed('subscription { onSend { owner count } }');
    await send('owner', 'owner: "ann"');
    expect((await socket.next()).payload).toEqual({
      data: { onSend: null },
      errors: [
        {
          path: ['onSend', 'count'],
          locations: null,
          message: "Cannot return null for non-nullable type: 'Int' within parent 'Note' (/onSend/count)",
        },
      ],
    });
  });

  it('hears only events whose fields equal its arguments, when it has no filter', async () => {
    const socket = await subscribed('subscription { onSend(owner: "bob") { owner text } }');
    await send('owner text count', 'owner: "ann", text: "no"');
    await send('text count', 'owner: "bob", text: "owner was not selected"');
    await send('owner text count', 'owner: "bob", text: "yes"');
    expect((await socket.next()).payload.data).toEqual({ onSend: { owner: 'bob', text: 'yes' } });
  });

  it('hears only what its filter lets pass', async () => {
    const socket = await subscribed('subscription ($n: Int!) { onBig(least: $n) { count } }', withKey, {
      n: 5,
    });
    await send('owner count', 'owner: "ann", count: 4');
    await send('owner count', 'owner: "ann", count: 5');
    expect((await socket.next()).payload.data).toEqual({ onBig: { count: 5 } });
  });

  it('of a user hears that user’s events only, and none from a field that only IAM may read', async () => {
    const socket = await subscribed('subscription { onMine { owner text secret } }', await withToken('ann'));
    await send('owner text count secret', 'owner: "bob", text: "no"');
    await send('owner text count secret', 'owner: "ann", text: "yes"');
    const { payload } = await socket.next();
    expect(payload.data).toEqual({ onMine: { owner: 'ann', text: 'yes', secret: null } });
    expect(payload.errors).toMatchObject([{ path: ['onMine', 'secret'], errorType: 'Unauthorized' }]);
  });

  it('is refused by its resolver’s error', async () => {
    const socket = await connect();
    await socket.init();
    socket.start('s1', 'subscription { onRefused { owner } }', withKey);
    expect(await socket.next()).toMatchObject({
      id: 's1',
      type: 'error',
      payload: { errors: [{ errorType: 'Refused', message: 'Not today' }] },
    });
  });

  it.each([
    ['an invalid query', 'subscription { nope { owner } }', 'FieldUndefined'],
    ['a mutation', 'mutation { end(owner: "ann") }', 'mutation not supported through the realtime channel'],
    ['two fields', 'subscription { onSend { owner } onBig(least: 1) { owner } }', 'SingleFieldSubscriptions'],
    [
      'what only IAM may subscribe to',
      'subscription { onIam { owner } }',
      'Not Authorized to access onIam on type Subscription',
    ],
  ])('is refused for %s', async (_, query, message) => {
    const socket = await connect();
    await socket.init();
    socket.start('s1', query, withKey);
    const answer = await socket.next();
    expect(answer).toMatchObject({ id: 's1', type: 'error' });
    expect(JSON.stringify(answer.payload)).toContain(message);
  });

  it('is authorized by itself: another caller than the connection’s, or none', async () => {
    const socket = await connect();
    await socket.init();
    socket.start('s1', 'subscription { onIam { owner } }', asRole('worker'));
    expect(await socket.next()).toEqual({ type: 'start_ack', id: 's1' });
    socket.start('s2', 'subscription { onIam { owner } }', asRole('other'));
    expect(await socket.next()).toMatchObject({
      id: 's2',
      type: 'error',
      payload: { errors: [{ message: 'Permission denied' }] },
    });
    socket.start('s3', 'subscription { onSend { owner } }', { 'x-api-key': 'da2-wrong' });
    expect(await socket.next()).toMatchObject({
      id: 's3',
      type: 'error',
      payload: { errors: [{ errorType: 'UnauthorizedException' }] },
    });
  });

  it('ends when it is stopped', async () => {
    const socket = await subscribed('subscription { onSend { owner } }');
    socket.send({ id: 's1', type: 'stop' });
    expect(await socket.next()).toEqual({ type: 'complete', id: 's1' });
    await send('owner count', 'owner: "ann"');
    socket.start('s2', 'subscription { onSend { text } }', withKey);
    expect(await socket.next()).toEqual({ type: 'start_ack', id: 's2' });
  });

  it('ends when a mutation invalidates it, and nobody else’s does', async () => {
    const ann = await subscribed('subscription { onMine { owner } }', await withToken('ann'));
    const bob = await subscribed('subscription { onMine { owner } }', await withToken('bob'));
    expect((await post('mutation { end(owner: "ann") }')).data).toEqual({ end: 'ended' });
    expect(await ann.next()).toMatchObject({
      id: 's1',
      type: 'error',
      payload: { errors: [{ errorType: 'SubscriptionInvalidated' }] },
    });
    await send('owner count', 'owner: "bob"');
    expect((await bob.next()).payload.data).toEqual({ onMine: { owner: 'bob' } });
  });

  it('ends when its token expires', async () => {
    const headers = await withToken('ann', { exp: Math.floor(Date.now() / 1000) + 2 });
    const socket = await subscribed('subscription { onMine { owner } }', headers);
    expect(await socket.next()).toMatchObject({
      id: 's1',
      type: 'error',
      payload: { errors: [{ message: 'Token has expired.' }] },
    });
  });

  it('does not get an event larger than 240 KB', async () => {
    const socket = await subscribed('subscription { onSend { text owner } }');
    await send('owner text count', `owner: "ann", text: "${'x'.repeat(240 * 1024)}"`);
    await send('owner text count', 'owner: "ann", text: "small"');
    expect((await socket.next()).payload.data.onSend.text).toBe('small');
  });

  it('is not served over HTTP', async () => {
    expect((await post('subscription { onSend { owner } }')).errors?.[0]?.message).toContain(
      'realtime endpoint',
    );
  });
});

describe('a user pool’s token', () => {
  it.each([
    ['of an access token', {}, undefined],
    ['of an id token', { token_use: 'id', aud: 'client-1', 'cognito:username': 'ann' }, undefined],
    ['of another use', { token_use: 'refresh' }, 'Valid authorization header not provided.'],
    ['without a client', { client_id: undefined }, 'Valid authorization header not provided.'],
    ['of another issuer', { iss: 'http://127.0.0.1/other' }, 'Unable to parse JWT token.'],
    ['that has expired', { exp: 1 }, 'Token has expired.'],
  ])('%s', async (_, claims, message) => {
    const { errors } = await post('{ nothing }', await withToken('ann', claims));
    expect(errors?.[0]?.message).toBe(message);
  });

  it('with a changed payload or the word Bearer is refused', async () => {
    const [head, , signature] = (await issuer.token('ann')).split('.');
    const [, other] = (await issuer.token('bob')).split('.');
    const forged = await post('{ nothing }', { authorization: `${head}.${other}.${signature}` });
    expect(forged.errors?.[0]?.message).toBe('Valid authorization header not provided.');
    const bearer = await post('{ nothing }', { authorization: `Bearer ${await issuer.token('ann')}` });
    expect(bearer.errors?.[0]?.message).toBe('Unable to parse JWT token.');
  });
});
