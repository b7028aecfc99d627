import type { Role } from './roles.ts';

/** The account's root user, who may do everything: what an operator of an account can always sign in as. */
export const administratorArn = (accountId: string): string => `arn:aws:iam::${accountId}:root`;

/** It is in no template, and no service may assume it: only the host of the cloud makes credentials of it. */
export const administrator = (accountId: string): Role => ({
  arn: administratorArn(accountId),
  name: 'root',
  id: accountId,
  statements: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
  boundary: undefined,
  trust: [],
  maxSessionSeconds: 43_200,
});
