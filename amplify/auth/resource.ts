import { defineAuth } from '@aws-amplify/backend';
import { adminsGroup } from '../core/deployment-settings.ts';

/**
 * E-mail and password, and for who wants it the code of an authenticator app. backend.ts closes what is not needed
 * (closing.ts).
 */
export const auth = defineAuth({
  loginWith: { email: true },
  // Who may lower the deployment's caps while it runs.
  groups: [adminsGroup],
  multifactor: { mode: 'OPTIONAL', totp: true },
});
