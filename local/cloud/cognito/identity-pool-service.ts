import { z } from 'zod';
import { AwsError, type AwsService, type CloudContext } from '../service.ts';
import { parse } from './cognito-error.ts';
import { Identities } from './identities.ts';
import { type IdentityPoolConfig, readIdentityPools } from './identity-pool-config.ts';
import { createLoginVerifier } from './login-token.ts';
import { chooseRole } from './role-choice.ts';

const target = 'AWSCognitoIdentityService.';
/** As AWS names the sessions of an identity pool. */
const sessionName = 'CognitoIdentityCredentials';

const logins = z.record(z.string(), z.string()).default({});
const getIdInput = z.object({ IdentityPoolId: z.string(), Logins: logins });
const credentialsInput = z.object({
  IdentityId: z.string(),
  Logins: logins,
  CustomRoleArn: z.string().optional(),
});

/** Cognito identity pools: an id for each person, and credentials of the role that the template gives them. */
export function createIdentityPools(context: CloudContext): AwsService {
  const pools = new Map(readIdentityPools(context.assembly).map((pool) => [pool.id, pool]));
  const identities = new Identities(context.dataDirectory, context.region);
  const verifyLogins = createLoginVerifier(context);

  function refuseGuest(pool: IdentityPoolConfig): void {
    if (pool.allowsGuests) return;
    throw new AwsError(
      'NotAuthorizedException',
      'Unauthenticated access is not supported for this identity pool.',
    );
  }

  async function getId(body: unknown) {
    const input = parse(getIdInput, body);
    const pool = pools.get(input.IdentityPoolId);
    if (!pool) {
      throw new AwsError('ResourceNotFoundException', `IdentityPool '${input.IdentityPoolId}' not found.`);
    }
    const login = await verifyLogins(pool, input.Logins);
    if (!login) refuseGuest(pool);
    const IdentityId = login
      ? identities.ofLogin(pool.id, login.provider.name, login.subject)
      : identities.guest(pool.id);
    return { IdentityId };
  }

  async function getCredentialsForIdentity(body: unknown) {
    const input = parse(credentialsInput, body);
    const { IdentityId } = input;
    const identity = identities.find(IdentityId);
    const pool = pools.get(identity?.pool ?? '');
    if (!identity || !pool) {
      throw new AwsError('ResourceNotFoundException', `Identity '${IdentityId}' not found.`);
    }
    const login = await verifyLogins(pool, input.Logins);
    if (!login) refuseGuest(pool);
    const own = login
      ? identities.ofLogin(pool.id, login.provider.name, login.subject) === IdentityId
      : identity.guest;
    if (!own) {
      throw new AwsError('NotAuthorizedException', `Access to Identity '${IdentityId}' is forbidden.`);
    }
    const credentials = context.iam.assumeRole({
      roleArn: chooseRole(pool, login, input.CustomRoleArn, context.iam),
      sessionName,
      cognitoIdentityId: IdentityId,
      cognitoIdentityPoolId: pool.id,
    });
    return {
      IdentityId,
      Credentials: {
        AccessKeyId: credentials.accessKeyId,
        SecretKey: credentials.secretAccessKey,
        SessionToken: credentials.sessionToken,
        Expiration: credentials.expiration.getTime() / 1000,
      },
    };
  }

  const operations: Readonly<Record<string, (body: unknown) => Promise<unknown>>> = {
    GetId: getId,
    GetCredentialsForIdentity: getCredentialsForIdentity,
  };

  return {
    name: 'cognito-identity',
    accepts: ({ headers }) => String(headers['x-amz-target'] ?? '').startsWith(target),
    async handle(request) {
      const name = String(request.headers['x-amz-target']).slice(target.length);
      const operation = operations[name];
      if (!operation) {
        throw new AwsError(
          'NotImplemented',
          `The local cloud's Cognito identity pools have no ${name}.`,
          501,
        );
      }
      return {
        status: 200,
        headers: { 'content-type': 'application/x-amz-json-1.1' },
        body: JSON.stringify(await operation(jsonOf(request.body))),
      };
    },
    async close() {
      identities.close();
    },
  };
}

function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString() || '{}');
  } catch {
    throw new AwsError('SerializationException', 'The request is no JSON object.');
  }
}
