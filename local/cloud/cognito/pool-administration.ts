import { z } from 'zod';
import { AwsError } from '../service.ts';
import { parse } from './cognito-error.ts';
import type { AdminOperation } from './operation.ts';

/** https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DescribeUserPool.html, in parts. */
const describeUserPool: AdminOperation = ({ config, users, protection }) => ({
  UserPool: {
    Id: config.id,
    Arn: config.arn,
    DeletionProtection: protection.active ? 'ACTIVE' : 'INACTIVE',
    EstimatedNumberOfUsers: users.count(),
  },
});

const updateInput = z.looseObject({
  UserPoolId: z.string(),
  DeletionProtection: z.enum(['ACTIVE', 'INACTIVE']),
});

/** Deletion protection alone: what else a request leaves out, Cognito would set back to its default. */
const updateUserPool: AdminOperation = (pool, body) => {
  const { UserPoolId: _, DeletionProtection, ...others } = parse(updateInput, body);
  const [unserved] = Object.keys(others);
  if (unserved) {
    throw new AwsError('NotImplemented', `The local cloud's UpdateUserPool has no ${unserved}.`, 501);
  }
  pool.protection.active = DeletionProtection === 'ACTIVE';
  return {};
};

export const poolOperations: Readonly<Record<string, AdminOperation>> = {
  DescribeUserPool: describeUserPool,
  UpdateUserPool: updateUserPool,
};
