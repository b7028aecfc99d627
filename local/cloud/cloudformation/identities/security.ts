import type { Identify } from '../identity.ts';

/** IAM. */
export const securityIdentities: Readonly<Record<string, Identify>> = {
  'AWS::IAM::Role': (subject) => {
    const name = subject.name('RoleName');
    const arn = `arn:aws:iam::${subject.environment.accountId}:role${subject.text('Path') ?? '/'}${name}`;
    return { ref: name, arn, attributes: { RoleId: `AROA${subject.digits(17).toUpperCase()}` } };
  },
  'AWS::IAM::Policy': (subject) => ({ ref: subject.name('PolicyName', 128) }),
  'AWS::IAM::RolePolicy': (subject) => ({ ref: subject.name('PolicyName', 128) }),
  'AWS::IAM::ManagedPolicy': (subject) => {
    const name = subject.name('ManagedPolicyName', 128);
    const arn = `arn:aws:iam::${subject.environment.accountId}:policy${subject.text('Path') ?? '/'}${name}`;
    return { ref: arn, attributes: { PolicyArn: arn } };
  },
};
