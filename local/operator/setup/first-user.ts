import {
  AdminAddUserToGroupCommand,
  AdminCreateUserCommand,
  AdminGetUserCommand,
  UsernameExistsException,
} from '@aws-sdk/client-cognito-identity-provider';
import * as z from 'zod';
import { adminsGroup } from '../../../amplify/core/deployment-settings.ts';
import { awsFault } from '../aws-fault.ts';
import type { Clients } from '../clients.ts';
import type { Deployment } from '../deployment.ts';
import type { Dialogue } from '../dialogue.ts';
import { yesOrNo } from './model.ts';

/** Invites somebody by mail: AWS sends a temporary password, good for three days. Whoever sets up is mostly an admin. */
export async function inviteUser(
  { cognito }: Clients,
  deployment: Deployment,
  dialogue: Dialogue,
): Promise<void> {
  dialogue.say('\nWho may sign in. AWS mails a temporary password; the sign-in page asks for a new one.');
  const email = await dialogue.ask('E-mail address, or nothing to invite nobody now', {
    check: (answer) =>
      answer === '' || z.email().safeParse(answer).success ? undefined : 'That is no e-mail address.',
  });
  if (email === '') return;
  try {
    dialogue.say(`  ${await invite(cognito, deployment, email)}`);
    const isAdmin = await dialogue.ask('May they lower the limits of everybody, as an admin? yes or no', {
      fallback: 'yes',
      check: yesOrNo,
    });
    if (isAdmin === 'no') return;
    const group = { UserPoolId: deployment.userPoolId, Username: email, GroupName: adminsGroup };
    await cognito.send(new AdminAddUserToGroupCommand(group));
    dialogue.say(`  ✓ ${email} is an admin.`);
  } catch (error) {
    throw awsFault(`Inviting ${email}`, error);
  }
}

/** Invites, or invites again who has not come yet: an invitation is good for three days. Gives what to say. */
async function invite(cognito: Clients['cognito'], deployment: Deployment, email: string): Promise<string> {
  const user = { UserPoolId: deployment.userPoolId, Username: email };
  const invitation = { ...user, DesiredDeliveryMediums: ['EMAIL' as const] };
  try {
    await cognito.send(
      new AdminCreateUserCommand({
        ...invitation,
        UserAttributes: [
          { Name: 'email', Value: email },
          { Name: 'email_verified', Value: 'true' },
        ],
      }),
    );
    return `✓ Invited ${email}.`;
  } catch (error) {
    if (!(error instanceof UsernameExistsException)) throw error;
  }
  const { UserStatus } = await cognito.send(new AdminGetUserCommand(user));
  if (UserStatus !== 'FORCE_CHANGE_PASSWORD') return `• ${email} has an account already.`;
  await cognito.send(new AdminCreateUserCommand({ ...invitation, MessageAction: 'RESEND' }));
  return `✓ Invited ${email} again.`;
}
