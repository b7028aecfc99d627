import type { DatabaseSync } from 'node:sqlite';
import type { CloudContext } from '../service.ts';
import { Codes } from './codes.ts';
import { PendingChallenges } from './pending-challenges.ts';
import { Sessions } from './sessions.ts';
import { type SigningKey, signingKey } from './signing-key.ts';
import type { SrpExchange } from './srp.ts';
import { createTriggers, type Triggers } from './triggers.ts';
import type { PoolConfig } from './user-pool-config.ts';
import { Users } from './users.ts';

/** What a sign-in waits for. */
export type Challenge =
  | {
      readonly kind: 'SELECT_CHALLENGE' | 'NEW_PASSWORD_REQUIRED';
      readonly clientId: string;
      readonly username: string;
    }
  | {
      readonly kind: 'SOFTWARE_TOKEN_MFA';
      readonly clientId: string;
      readonly username: string;
    }
  | {
      readonly kind: 'PASSWORD_VERIFIER';
      readonly clientId: string;
      readonly username: string;
      readonly exchange: SrpExchange;
    };

/** A user pool at work. */
export interface UserPool {
  readonly config: PoolConfig;
  /** `iss` of its tokens. */
  readonly issuer: string;
  readonly key: SigningKey;
  readonly users: Users;
  /** As its template says, until an administrator says otherwise. */
  readonly protection: { active: boolean };
  readonly sessions: Sessions;
  readonly codes: Codes;
  readonly challenges: PendingChallenges<Challenge>;
  readonly triggers: Triggers;
  readonly deliverMail: CloudContext['deliverMail'];
  /** Seconds since 1970. */
  readonly now: () => number;
}

/** Opens a pool on its database; makes its key the first time. */
export async function openUserPool(
  config: PoolConfig,
  database: DatabaseSync,
  context: CloudContext,
): Promise<UserPool> {
  return {
    config,
    issuer: `${context.endpoint}/${config.id}`,
    triggers: createTriggers(config, context),
    key: await signingKey(database, config.id),
    users: new Users(database, config),
    protection: { active: config.deletionProtected },
    sessions: new Sessions(database, config.id),
    codes: new Codes(database, config.id),
    challenges: new PendingChallenges(),
    deliverMail: context.deliverMail,
    now: () => Math.floor(context.now().getTime() / 1000),
  };
}
