import { describe, expect, it } from 'vitest';
import type { Api, AuthenticationType } from './api.ts';
import type { Caller } from './authentication.ts';
import { allowedByDirectives } from './authorization.ts';
import { buildApiSchema } from './schema.ts';

const schema = buildApiSchema(`
type Query {
  plain: String
  iam: String @aws_iam
  both: String @aws_iam @aws_cognito_user_pools
  group: String @aws_cognito_user_pools(cognito_groups: ["admins", "staff"])
  old: String @aws_auth(cognito_groups: ["admins"])
}
type Typed @aws_iam { inherited: String own: String @aws_api_key }
`);

const user = (...groups: string[]): Caller => ({
  type: 'AMAZON_COGNITO_USER_POOLS',
  identity: null,
  groups,
  expires: 0,
});
const role = { type: 'AWS_IAM', identity: null, principal: {}, expires: 0 } as unknown as Caller;
const key: Caller = { type: 'API_KEY', identity: null, expires: 0 };

function allowed(
  path: string,
  caller: Caller,
  defaultType: AuthenticationType = 'AMAZON_COGNITO_USER_POOLS',
  defaultAction = 'ALLOW',
) {
  const [typeName = '', fieldName = ''] = path.split('.');
  const type = schema.getType(typeName);
  if (
    !type ||
    !('getFields' in type) ||
    !('getInterfaces' in type) ||
    type.astNode?.kind !== 'ObjectTypeDefinition'
  )
    throw new Error(path);
  const field = type.getFields()[fieldName];
  if (!field) throw new Error(path);
  return allowedByDirectives({ defaultType, defaultAction } as Api, type as never, field, caller);
}

describe('the directives of a field', () => {
  it.each([
    ['Query.plain', 'a user', user(), true],
    ['Query.plain', 'a role', role, false],
    ['Query.plain', 'a key', key, false],
    ['Query.iam', 'a role', role, true],
    ['Query.iam', 'a user', user(), false],
    ['Query.both', 'a role', role, true],
    ['Query.both', 'a user', user(), true],
    ['Query.group', 'a user of a named group', user('staff'), true],
    ['Query.group', 'a user of another group', user('guests'), false],
    ['Query.group', 'a role', role, false],
    ['Query.old', 'an admin', user('admins'), true],
    ['Query.old', 'another user', user(), false],
    ['Typed.inherited', 'a role', role, true],
    ['Typed.inherited', 'a user', user(), false],
    ['Typed.own', 'a key', key, true],
    ['Typed.own', 'a role', role, false],
  ])('%s for %s', (path, _, caller, expected) => {
    expect(allowed(path, caller)).toBe(expected);
  });

  it('follow the default mode where there are none', () => {
    expect(allowed('Query.plain', role, 'AWS_IAM')).toBe(true);
    expect(allowed('Query.plain', user(), 'AWS_IAM')).toBe(false);
  });

  it('leave users nothing where the default action is to deny', () => {
    expect(allowed('Query.plain', user(), 'AMAZON_COGNITO_USER_POOLS', 'DENY')).toBe(false);
    expect(allowed('Query.old', user('admins'), 'AMAZON_COGNITO_USER_POOLS', 'DENY')).toBe(true);
  });
});
