import { defineAuth } from '@aws-amplify/backend';

/**
 * E-mail and password, and for who wants it the code of an authenticator app. backend.ts closes what is not needed
 * (closing.ts).
 */
export const auth = defineAuth({
  loginWith: { email: true },
  multifactor: { mode: 'OPTIONAL', totp: true },
});
