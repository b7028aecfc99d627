import { expect, test } from 'vitest';
import { applyOverrides, groupClaims } from './claims.ts';
import type { PoolConfig } from './user-pool-config.ts';

const group = (name: string, precedence: number | undefined, roleArn?: string) =>
  [name, { name, precedence, roleArn }] as const;
const pool = {
  groups: new Map([
    group('first', 1, 'role/a'),
    group('tie', 1, 'role/b'),
    group('later', 5, 'role/c'),
    group('plain', undefined),
  ]),
} as unknown as PoolConfig;

test("the strongest group's role is preferred; where the strongest differ, none is", () => {
  expect(groupClaims(pool, ['first', 'later', 'plain'])).toEqual({
    groups: ['first', 'later', 'plain'],
    roles: ['role/a', 'role/c'],
    preferredRole: 'role/a',
  });
  expect(groupClaims(pool, ['first', 'tie']).preferredRole).toBeUndefined();
  expect(groupClaims(pool, ['plain'])).toMatchObject({ roles: [], preferredRole: undefined });
});

test('a trigger of version 2 changes the access token and its scopes too, but not what both are about', () => {
  const content = {
    id: { sub: 's', email: 'a@example.com' },
    access: { sub: 's', client_id: 'c', scope: 'aws.cognito.signin.user.admin' },
  };
  const answer = {
    claimsAndScopeOverrideDetails: {
      accessTokenGeneration: {
        claimsToAddOrOverride: { tier: 'gold', client_id: 'x' },
        claimsToSuppress: ['sub'],
        scopesToAdd: ['notes/read'],
      },
    },
  };
  expect(applyOverrides(content, answer, '2')).toEqual({
    id: content.id,
    access: { sub: 's', client_id: 'c', tier: 'gold', scope: 'aws.cognito.signin.user.admin notes/read' },
  });
});
