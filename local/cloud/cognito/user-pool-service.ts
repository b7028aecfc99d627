import {
  AwsError,
  type AwsService,
  type CloudContext,
  type HttpReply,
  type HttpRequest,
} from '../service.ts';
import { accountOperations } from './account.ts';
import { notAuthorized, notFound } from './cognito-error.ts';
import { openDatabase, userPoolSchema } from './database.ts';
import { poolOperations } from './pool-administration.ts';
import { recoveryOperations } from './recovery.ts';
import { renewalOperations } from './renewal.ts';
import { signInOperations } from './sign-in.ts';
import { signUpOperations } from './sign-up.ts';
import { signedIn } from './tokens.ts';
import { adminOperations } from './user-administration.ts';
import { openUserPool, type UserPool } from './user-pool.ts';
import { readPools } from './user-pool-config.ts';

const target = 'AWSCognitoIdentityProviderService.';
const wellKnown = /^\/([\w-]+)\/\.well-known\/(jwks\.json|openid-configuration)$/;

const clientOperations = {
  ...signUpOperations,
  ...signInOperations,
  ...renewalOperations,
  ...recoveryOperations,
};

/**
 * Cognito user pools: the API that Amplify's client calls, and the keys that verify its tokens under
 * `/<pool id>/.well-known/`. Throws at start for pools that ask for what is not here.
 */
export async function createUserPools(context: CloudContext): Promise<AwsService> {
  const configs = readPools(context.assembly);
  const database = openDatabase(context.dataDirectory, 'user-pools.sqlite', userPoolSchema);
  const pools = new Map<string, UserPool>();
  try {
    for (const config of configs) pools.set(config.id, await openUserPool(config, database, context));
  } catch (error) {
    database.close();
    throw error;
  }

  async function run(name: string, body: Record<string, unknown>, request: HttpRequest): Promise<unknown> {
    const ofClient = clientOperations[name];
    if (ofClient) {
      const { pool, client } = findClient(body.ClientId);
      if (body.SecretHash) throw notAuthorized(`Unable to verify secret hash for client ${client.id}`);
      return ofClient(pool, client, body);
    }
    const ofToken = accountOperations[name];
    if (ofToken) {
      const token = String(body.AccessToken ?? '');
      const pool = issuerOf(token);
      return ofToken(pool, await signedIn(pool, token), body);
    }
    const ofAdministrator = adminOperations[name] ?? poolOperations[name];
    if (!ofAdministrator) {
      throw new AwsError('NotImplemented', `The local cloud's Cognito user pools have no ${name}.`, 501);
    }
    const principal = await context.iam.authenticate(request, 'cognito-idp');
    const id = String(body.UserPoolId);
    const pool = pools.get(id);
    const arn = `arn:aws:cognito-idp:${context.region}:${context.accountId}:userpool/${id}`;
    context.iam.authorize(principal, `cognito-idp:${name}`, pool?.config.arn ?? arn);
    if (!pool) throw notFound(`User pool ${id} does not exist.`);
    return ofAdministrator(pool, body);
  }

  function findClient(id: unknown) {
    for (const pool of pools.values()) {
      const client = pool.config.clients.get(String(id));
      if (client) return { pool, client };
    }
    throw notFound(`User pool client ${id} does not exist.`);
  }

  /** The pool that says to have made a token; whether it has is checked with the pool's key. */
  function issuerOf(token: string): UserPool {
    const [, payload = ''] = token.split('.');
    let issuer: unknown;
    try {
      issuer = JSON.parse(Buffer.from(payload, 'base64url').toString()).iss;
    } catch {
      throw notAuthorized('Invalid Access Token');
    }
    const pool = [...pools.values()].find((each) => each.issuer === issuer);
    if (!pool) throw notAuthorized('Invalid Access Token');
    return pool;
  }

  function discovery(path: string): HttpReply {
    const [, id = '', document] = wellKnown.exec(path) ?? [];
    const pool = pools.get(id);
    if (!pool) return json(404, { message: 'NotFound' });
    if (document === 'jwks.json') return json(200, { keys: [pool.key.publicJwk] }, 'application/json');
    const configuration = {
      issuer: pool.issuer,
      jwks_uri: `${pool.issuer}/.well-known/jwks.json`,
      id_token_signing_alg_values_supported: ['RS256'],
      response_types_supported: ['code', 'token'],
      scopes_supported: ['openid', 'email', 'phone', 'profile'],
      subject_types_supported: ['public'],
    };
    return json(200, configuration, 'application/json');
  }

  return {
    name: 'cognito-idp',
    accepts: ({ headers, url }) =>
      String(headers['x-amz-target'] ?? '').startsWith(target) || wellKnown.test(url.pathname),
    async handle(request) {
      const name = String(request.headers['x-amz-target'] ?? '').slice(target.length);
      if (!name) {
        if (request.method !== 'GET' && request.method !== 'HEAD')
          return json(405, { message: 'Method Not Allowed' });
        return discovery(request.url.pathname);
      }
      return json(200, await run(name, bodyOf(request), request));
    },
    async close() {
      database.close();
    },
  };
}

function bodyOf(request: HttpRequest): Record<string, unknown> {
  try {
    const body: unknown = JSON.parse(request.body.toString() || '{}');
    if (typeof body === 'object' && body !== null && !Array.isArray(body))
      return body as Record<string, unknown>;
  } catch {}
  throw new AwsError('SerializationException', 'The request is no JSON object.');
}

function json(status: number, body: unknown, type = 'application/x-amz-json-1.1'): HttpReply {
  return { status, headers: { 'content-type': type }, body: JSON.stringify(body) };
}
