import { describe, expect, it } from 'vitest';
import { toCallError } from './appsync/error.ts';
import { realtimeUrl } from './appsync/realtime-url.ts';
import { readEnvironment, scrubEnvironment } from './environment.ts';
import { Tail } from './openclaw/tail.ts';

describe('the environment', () => {
  it('names every fault in one error', () => {
    expect(() => readEnvironment({ GRAPHQL_URL: 'nowhere' })).toThrow(/GRAPHQL_URL.*AWS_REGION/);
    expect(() => readEnvironment({ GRAPHQL_URL: 'https://a/graphql', AWS_REGION: 'x' })).toThrow(
      /CREDENTIALS_RELATIVE_URI/,
    );
  });

  it('finds credentials at the ECS endpoint, or at a full address', () => {
    const common = { GRAPHQL_URL: 'https://a/graphql', AWS_REGION: 'eu-west-1' };
    expect(readEnvironment({ ...common, AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: '/v2/x' })).toMatchObject({
      credentialsUrl: 'http://169.254.170.2/v2/x',
      home: '/agent',
    });
    expect(
      readEnvironment({ ...common, AWS_CONTAINER_CREDENTIALS_FULL_URI: 'http://127.0.0.1:1/c' })
        .credentialsUrl,
    ).toBe('http://127.0.0.1:1/c');
  });

  it('forgets what leads to credentials', () => {
    const variables: Record<string, string | undefined> = {
      AWS_REGION: 'x',
      AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: '/x',
      ECS_X: 'y',
      GRAPHQL_URL: 'z',
      PATH: '/bin',
    };
    scrubEnvironment(variables);
    expect(variables).toEqual({ PATH: '/bin' });
  });
});

describe('the real-time address', () => {
  it.each([
    [
      'https://abc123.appsync-api.eu-west-1.amazonaws.com/graphql',
      'wss://abc123.appsync-realtime-api.eu-west-1.amazonaws.com/graphql',
    ],
    ['https://api.example.org/graphql', 'wss://api.example.org/graphql/realtime'],
    ['http://127.0.0.1:4566/appsync/x/graphql', 'ws://127.0.0.1:4566/appsync/x/graphql/realtime'],
  ])('of %s is %s', (url, expected) => expect(realtimeUrl(url)).toBe(expected));
});

describe('what AppSync says no with', () => {
  it.each([
    [{ errorType: 'DynamoDB:ConditionalCheckFailedException', message: 'x' }, 'Bounced', undefined],
    [{ errorType: 'unauthorized', message: 'no session' }, 'Refused', 'unauthorized'],
    [{ errorType: 'UnauthorizedException', message: 'signature' }, 'Refused', 'unauthorized'],
    [
      { errorType: 'snapshot.unreadable', message: 'snapshot.unreadable: key' },
      'Refused',
      'snapshot.unreadable',
    ],
    [{ errorType: null, message: 'event.malformed: x' }, 'Refused', 'event.malformed'],
    [{ errorType: 'Lambda:Unhandled', message: 'x' }, 'Unreachable', undefined],
    [
      { errorType: 'DynamoDB:ProvisionedThroughputExceededException', message: 'x' },
      'Unreachable',
      undefined,
    ],
    [{ errorType: 'MappingTemplate', message: 'x' }, 'Refused', 'internal'],
  ])('%j', (error, name, code) => {
    const result = toCallError('agentPull', error);
    expect(result.name).toBe(name);
    expect((result as { code?: string }).code).toBe(code);
  });
});

describe('the last lines of OpenClaw', () => {
  it('hold no secret, also when it comes in two pieces', () => {
    const tail = new Tail(['s3cret']);
    tail.add('token s3c');
    tail.add('ret here\nnext');
    expect(tail.text()).toBe('token [secret] here\nnext');
  });
});
