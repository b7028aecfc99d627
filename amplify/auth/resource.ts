import { defineAuth } from '@aws-amplify/backend';

/** E-mail and password. backend.ts closes what is not needed (closing.ts). */
export const auth = defineAuth({ loginWith: { email: true } });
