import { z } from 'zod';
import { AwsError } from '../service.ts';
import { checkAttributes, readableAttributes } from './attributes.ts';
import { mailInvitation } from './code-mail.ts';
import {
  attributeList,
  clientMetadata,
  invalidParameter,
  notFound,
  parse,
  userNotFound,
} from './cognito-error.ts';
import type { AdminOperation } from './operation.ts';
import { checkPassword, temporaryPassword } from './password.ts';
import { newIdentity, newUser } from './sign-up.ts';
import { createVerifier } from './srp.ts';
import type { UserPool } from './user-pool.ts';
import type { User } from './users.ts';

const named = z.object({ Username: z.string().min(1).max(128) });

function existing(pool: UserPool, name: string): User {
  const user = pool.users.find(name);
  if (!user) throw userNotFound();
  return user;
}

/** A user as replies to administrators show one. */
export function shownUser(user: User) {
  return {
    Username: user.username,
    Attributes: readableAttributes(undefined, user.attributes),
    UserCreateDate: user.created,
    UserLastModifiedDate: user.modified,
    Enabled: true,
    UserStatus: user.status,
  };
}

const createInput = z.object({
  Username: z.string().min(1).max(128),
  UserAttributes: attributeList.default([]),
  ValidationData: attributeList.optional(),
  TemporaryPassword: z.string().min(1).max(256).optional(),
  MessageAction: z.enum(['SUPPRESS', 'RESEND']).optional(),
  DesiredDeliveryMediums: z.array(z.enum(['EMAIL', 'SMS'])).optional(),
  ForceAliasCreation: z.literal(false).optional(),
  ClientMetadata: clientMetadata,
});

const adminCreateUser: AdminOperation = async (pool, body) => {
  const input = parse(createInput, body);
  const policy = pool.config.passwordPolicy;
  if (input.TemporaryPassword !== undefined) checkPassword(policy, input.TemporaryPassword);
  const password = input.TemporaryPassword ?? temporaryPassword(policy);
  const user =
    input.MessageAction === 'RESEND'
      ? invitedAgain(pool, input.Username, password)
      : await added(pool, input, password);
  const { email } = user.attributes;
  const silent = input.MessageAction === 'SUPPRESS' || email === undefined;
  pool.users.save(user);
  if (!silent) mailInvitation(pool, input.Username, email, password);
  return { User: shownUser(user) };
};

function invitedAgain(pool: UserPool, name: string, password: string): User {
  const user = existing(pool, name);
  if (user.status !== 'FORCE_CHANGE_PASSWORD') {
    throw new AwsError(
      'UnsupportedUserStateException',
      `Resend not possible. ${name} status is not FORCE_CHANGE_PASSWORD`,
    );
  }
  return { ...user, password: createVerifier(srpIdentity(pool, user), password), modified: pool.now() };
}

async function added(pool: UserPool, input: z.infer<typeof createInput>, password: string): Promise<User> {
  const implied =
    pool.config.emailIsUsername && !input.UserAttributes.some(({ Name }) => Name === 'email')
      ? [{ Name: 'email', Value: input.Username }]
      : [];
  const given = checkAttributes(pool.config.schema, undefined, [...input.UserAttributes, ...implied], {});
  const identity = newIdentity(pool, input.Username, given);
  await pool.triggers.call('PreSignUp', {
    source: 'PreSignUp_AdminCreateUser',
    user: { username: identity.username, attributes: given },
    request: { validationData: null },
    response: { autoConfirmUser: false, autoVerifyEmail: false, autoVerifyPhone: false },
    ...(input.ClientMetadata ? { clientMetadata: input.ClientMetadata } : {}),
  });
  if (pool.users.taken(input.Username)) {
    throw new AwsError('UsernameExistsException', 'User account already exists');
  }
  return { ...newUser(pool, identity, password), status: 'FORCE_CHANGE_PASSWORD' };
}

const srpIdentity = (pool: UserPool, user: User) => ({ poolName: pool.config.name, username: user.username });

const adminGetUser: AdminOperation = (pool, body) => {
  const { Attributes, ...shown } = shownUser(existing(pool, parse(named, body).Username));
  return { ...shown, UserAttributes: Attributes };
};

const adminDeleteUser: AdminOperation = (pool, body) => {
  pool.users.remove(existing(pool, parse(named, body).Username));
  return {};
};

const groupInput = named.extend({ GroupName: z.string().min(1).max(128) });

const adminAddUserToGroup: AdminOperation = (pool, body) => {
  const { Username, GroupName } = parse(groupInput, body);
  if (!pool.config.groups.has(GroupName)) throw notFound('Group not found.');
  pool.users.addToGroup(existing(pool, Username), GroupName);
  return {};
};

const passwordInput = named.extend({
  Password: z.string().min(1).max(256),
  Permanent: z.boolean().default(false),
});

const adminSetUserPassword: AdminOperation = (pool, body) => {
  const { Username, Password, Permanent } = parse(passwordInput, body);
  checkPassword(pool.config.passwordPolicy, Password);
  const user = existing(pool, Username);
  pool.users.save({
    ...user,
    status: Permanent ? 'CONFIRMED' : 'FORCE_CHANGE_PASSWORD',
    password: createVerifier(srpIdentity(pool, user), Password),
    failures: 0,
    lockedUntil: 0,
    modified: pool.now(),
  });
  return {};
};

const adminUserGlobalSignOut: AdminOperation = (pool, body) => {
  pool.sessions.revokeAll(existing(pool, parse(named, body).Username));
  return {};
};

const listInput = z.object({
  AttributesToGet: z.array(z.string()).optional(),
  Filter: z.string().max(256).optional(),
  Limit: z.number().int().min(0).max(60).default(60),
  PaginationToken: z.string().min(1).optional(),
});

/** https://docs.aws.amazon.com/cognito/latest/developerguide/how-to-manage-user-accounts.html lists what filters know. */
const searchable = new Set(
  'username email phone_number name given_name family_name preferred_username cognito:user_status status sub'.split(
    ' ',
  ),
);

function filterOf(text: string | undefined): (user: User) => boolean {
  if (!text?.trim()) return () => true;
  const [, name = '', operator, value = ''] =
    /^\s*"?([\w:]+)"?\s*(\^?=)\s*"((?:[^"\\]|\\.)*)"\s*$/.exec(text) ?? [];
  if (!operator) throw invalidParameter('Error while parsing filter.');
  if (!searchable.has(name)) throw invalidParameter(`Invalid search attribute: ${name}`);
  const wanted = value.replace(/\\(.)/g, '$1');
  const searched = (user: User) => {
    if (name === 'username') return user.username;
    if (name === 'status') return 'Enabled';
    return name === 'cognito:user_status' ? user.status : user.attributes[name];
  };
  return (user) => {
    const actual = searched(user);
    return operator === '=' ? actual === wanted : (actual?.startsWith(wanted) ?? false);
  };
}

const listUsers: AdminOperation = (pool, body) => {
  const input = parse(listInput, body);
  const keeps = filterOf(input.Filter);
  const limit = input.Limit === 0 ? 60 : input.Limit;
  const found: User[] = [];
  let after = Buffer.from(input.PaginationToken ?? '', 'base64url').toString();
  for (;;) {
    const page = pool.users.page(after, 500);
    found.push(...page.filter(keeps));
    after = page.at(-1)?.username ?? after;
    if (page.length < 500 || found.length > limit) break;
  }
  const shown = found.slice(0, limit);
  const last = shown.at(-1)?.username ?? '';
  return {
    Users: shown.map((user) => {
      const { Attributes, ...rest } = shownUser(user);
      const wanted = input.AttributesToGet;
      return {
        ...rest,
        Attributes: wanted ? Attributes.filter(({ Name }) => wanted.includes(Name)) : Attributes,
      };
    }),
    ...(found.length > limit ? { PaginationToken: Buffer.from(last).toString('base64url') } : {}),
  };
};

export const adminOperations: Readonly<Record<string, AdminOperation>> = {
  AdminCreateUser: adminCreateUser,
  AdminGetUser: adminGetUser,
  AdminDeleteUser: adminDeleteUser,
  AdminAddUserToGroup: adminAddUserToGroup,
  AdminSetUserPassword: adminSetUserPassword,
  AdminUserGlobalSignOut: adminUserGlobalSignOut,
  ListUsers: listUsers,
};
