import { randomBytes } from 'node:crypto';
import {
  AdminCreateUserCommand,
  AdminDeleteUserCommand,
  AdminSetUserPasswordCommand,
  type CognitoIdentityProviderClient,
} from '@aws-sdk/client-cognito-identity-provider';

/** An account that exists for the time of a verification. */
export interface Guest {
  readonly username: string;
  readonly password: string;
}

/** Makes an account that nobody is mailed about, with a password that nobody knows. */
export async function inviteGuest(
  cognito: CognitoIdentityProviderClient,
  UserPoolId: string,
): Promise<Guest> {
  const username = `verify-${randomBytes(8).toString('hex')}@example.com`;
  const password = `Aa1${randomBytes(18).toString('base64url')}`;
  await cognito.send(
    new AdminCreateUserCommand({
      UserPoolId,
      Username: username,
      MessageAction: 'SUPPRESS',
      UserAttributes: [
        { Name: 'email', Value: username },
        { Name: 'email_verified', Value: 'true' },
      ],
    }),
  );
  await cognito.send(
    new AdminSetUserPasswordCommand({ UserPoolId, Username: username, Password: password, Permanent: true }),
  );
  return { username, password };
}

export async function seeOff(
  cognito: CognitoIdentityProviderClient,
  UserPoolId: string,
  { username }: Guest,
): Promise<void> {
  await cognito.send(new AdminDeleteUserCommand({ UserPoolId, Username: username }));
}
