import type { User } from './users.ts';

/**
 * A user after one more wrong password. Five are free; then a second's wait, doubled by each further one up to a
 * quarter of an hour: https://docs.aws.amazon.com/cognito/latest/developerguide/authentication-flow.html
 */
export function afterWrongPassword(user: User, now: number): User {
  const failures = user.failures + 1;
  return { ...user, failures, lockedUntil: now + (failures < 5 ? 0 : Math.min(2 ** (failures - 5), 900)) };
}
