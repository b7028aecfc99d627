import { masked } from './attributes.ts';
import type { CodePurpose } from './codes.ts';
import type { UserPool } from './user-pool.ts';
import type { User } from './users.ts';

export interface CodeDelivery {
  readonly AttributeName: 'email';
  readonly DeliveryMedium: 'EMAIL';
  readonly Destination: string;
}

/** How replies name the place where a code went. */
export function deliveryTo(email: string): CodeDelivery {
  return { AttributeName: 'email', DeliveryMedium: 'EMAIL', Destination: masked(email) };
}

/** Makes a code and mails it. Throws LimitExceededException. */
export function mailCode(pool: UserPool, user: User, purpose: CodePurpose, email: string): CodeDelivery {
  const code = pool.codes.issue(user, purpose, pool.now());
  const { subject, text } = pool.config.verification;
  pool.deliverMail({ to: email, subject, text: text.replaceAll('{####}', code) });
  return deliveryTo(email);
}

/** Tells a person who was added of their name and temporary password. */
export function mailInvitation(pool: UserPool, name: string, email: string, password: string): void {
  const { subject, text } = pool.config.invitation;
  const body = text.replaceAll('{username}', () => name).replaceAll('{####}', () => password);
  pool.deliverMail({ to: email, subject, text: body });
}
