import type { SignedIn } from './tokens.ts';
import type { UserPool } from './user-pool.ts';
import type { ClientConfig } from './user-pool-client.ts';

/** Operations that name an app client; anyone may call them. */
export type ClientOperation = (pool: UserPool, client: ClientConfig, body: unknown) => unknown;

/** Operations that carry an access token. */
export type TokenOperation = (pool: UserPool, signedIn: SignedIn, body: unknown) => unknown;

/** Operations that name a pool; they need a signature and a policy. */
export type AdminOperation = (pool: UserPool, body: unknown) => unknown;
