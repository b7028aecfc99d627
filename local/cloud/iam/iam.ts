import { type Assembly, AwsError, type ConditionContext, type Iam, type Principal } from '../service.ts';
import { administrator, administratorArn } from './administrator.ts';
import { authenticate } from './authenticate.ts';
import { requestContext } from './conditions.ts';
import { type Decision, evaluate } from './evaluate.ts';
import { readBucketPolicies, statementsFor } from './principals.ts';
import { type Role, readRoles } from './roles.ts';
import { createSessions, type Session } from './sessions.ts';

export interface IamInput {
  readonly assembly: Assembly;
  readonly region: string;
  readonly accountId: string;
  readonly dataDirectory: string;
  readonly now: () => Date;
}

type Judgement = {
  readonly decision: Decision;
  readonly by: 'identity-based' | 'resource-based' | 'permissions boundary';
};

/** IAM and STS of one account: the roles of an assembly, their sessions, and what their policies allow. */
export function createIam({ assembly, region, accountId, dataDirectory, now }: IamInput): Iam {
  const roles = new Map(readRoles(assembly)).set(administratorArn(accountId), administrator(accountId));
  const bucketPolicies = readBucketPolicies(assembly);
  const sessions = createSessions(dataDirectory, now);

  function roleOf(roleArn: string): Role {
    const role = roles.get(roleArn);
    if (role === undefined) throw new AwsError('NoSuchEntity', `The role ${roleArn} cannot be found.`, 404);
    return role;
  }

  function principalOf(session: Session): Principal {
    const role = roleOf(session.roleArn);
    const { sessionName, cognitoIdentityId, cognitoIdentityPoolId } = session;
    return {
      accountId,
      roleArn: role.arn,
      userArn: `arn:aws:sts::${accountId}:assumed-role/${role.name}/${sessionName}`,
      userId: `${role.id}:${sessionName}`,
      sessionName,
      ...(cognitoIdentityId === undefined ? {} : { cognitoIdentityId }),
      ...(cognitoIdentityPoolId === undefined ? {} : { cognitoIdentityPoolId }),
    };
  }

  function judge(
    principal: Principal,
    action: string,
    resource: string,
    context: ConditionContext,
  ): Judgement {
    const role = roleOf(principal.roleArn);
    const question = {
      action,
      resource,
      context: requestContext(globalContext(principal, region, now()), context),
    };
    const bucket = /^arn:aws:s3:::[^/]+/.exec(resource)?.[0] ?? '';
    const ofResource = evaluate(statementsFor(bucketPolicies.get(bucket) ?? [], principal), question);
    const ofRole = evaluate(role.statements, question);
    if (ofRole === 'explicit-deny') return { decision: ofRole, by: 'identity-based' };
    if (ofResource === 'explicit-deny') return { decision: ofResource, by: 'resource-based' };
    const ofBoundary = role.boundary === undefined ? 'allow' : evaluate(role.boundary, question);
    if (ofBoundary === 'explicit-deny') return { decision: ofBoundary, by: 'permissions boundary' };
    if (ofResource === 'allow') return { decision: 'allow', by: 'resource-based' };
    if (ofRole === 'allow' && ofBoundary !== 'allow')
      return { decision: ofBoundary, by: 'permissions boundary' };
    return { decision: ofRole, by: 'identity-based' };
  }

  return {
    assumeRole({ roleArn, sessionName, lifetimeSeconds = 3600, cognitoIdentityId, cognitoIdentityPoolId }) {
      roleOf(roleArn);
      if (!/^[\w+=,.@-]{2,64}$/.test(sessionName)) {
        throw new AwsError('ValidationError', `'${sessionName}' is not a role session name`);
      }
      return sessions.create(
        {
          roleArn,
          sessionName,
          ...(cognitoIdentityId === undefined ? {} : { cognitoIdentityId }),
          ...(cognitoIdentityPoolId === undefined ? {} : { cognitoIdentityPoolId }),
        },
        new Date(now().getTime() + lifetimeSeconds * 1000),
      );
    },
    revoke: (accessKeyId) => sessions.revoke(accessKeyId),
    async authenticate(request, service) {
      return principalOf(await authenticate(request, service, { sessions, region, now }));
    },
    authorize(principal, action, resource, context = {}) {
      const { decision, by } = judge(principal, action, resource, context);
      if (decision === 'allow') return;
      const reason =
        decision === 'explicit-deny'
          ? `with an explicit deny in ${by === 'identity-based' ? 'an' : 'a'} ${by} policy`
          : `because no ${by} policy allows the ${action} action`;
      throw new AwsError(
        'AccessDenied',
        `User: ${principal.userArn} is not authorized to perform: ${action} on resource: ${resource} ${reason}`,
        403,
      );
    },
    allows: (principal, action, resource, context = {}) =>
      judge(principal, action, resource, context).decision === 'allow',
    trusts(roleArn, servicePrincipal, context = {}) {
      const federated = servicePrincipal === 'cognito-identity.amazonaws.com';
      const caller = federated ? { federated: servicePrincipal } : { service: servicePrincipal };
      const question = {
        action: federated ? 'sts:AssumeRoleWithWebIdentity' : 'sts:AssumeRole',
        resource: roleArn,
        context: requestContext({ 'aws:SourceAccount': accountId, 'aws:RequestedRegion': region }, context),
      };
      // A trust policy is about its own role: its statements have no Resource.
      const statements = statementsFor(roleOf(roleArn).trust, caller).map((each) => ({
        ...each,
        Resource: '*',
      }));
      return evaluate(statements, question) === 'allow';
    },
  };
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html */
function globalContext(principal: Principal, region: string, now: Date): ConditionContext {
  const { cognitoIdentityId, cognitoIdentityPoolId } = principal;
  return {
    'aws:PrincipalAccount': principal.accountId,
    'aws:PrincipalArn': principal.roleArn,
    'aws:PrincipalType': 'AssumedRole',
    'aws:PrincipalIsAWSService': 'false',
    'aws:userid': principal.userId,
    'aws:ResourceAccount': principal.accountId,
    'aws:RequestedRegion': region,
    'aws:SourceIp': '127.0.0.1',
    // The gateway stands for endpoints that are reached by TLS only.
    'aws:SecureTransport': 'true',
    'aws:ViaAWSService': 'false',
    'aws:CurrentTime': now.toISOString(),
    'aws:EpochTime': String(Math.floor(now.getTime() / 1000)),
    ...(cognitoIdentityId === undefined
      ? {}
      : {
          'cognito-identity.amazonaws.com:sub': cognitoIdentityId,
          'cognito-identity.amazonaws.com:aud': cognitoIdentityPoolId,
        }),
  };
}
