import { AdminCreateUserCommand, UsernameExistsException } from '@aws-sdk/client-cognito-identity-provider';
import * as z from 'zod';
import { awsFault } from '../aws-fault.ts';
import type { Clients } from '../clients.ts';
import type { Deployment } from '../deployment.ts';
import type { Dialogue } from '../dialogue.ts';

/** Invites somebody by mail: AWS sends a temporary password, good for three days. */
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
    await cognito.send(
      new AdminCreateUserCommand({
        UserPoolId: deployment.userPoolId,
        Username: email,
        UserAttributes: [
          { Name: 'email', Value: email },
          { Name: 'email_verified', Value: 'true' },
        ],
        DesiredDeliveryMediums: ['EMAIL'],
      }),
    );
    dialogue.say(`  ✓ Invited ${email}.`);
  } catch (error) {
    if (!(error instanceof UsernameExistsException)) throw awsFault(`Inviting ${email}`, error);
    dialogue.say(`  • ${email} has an account already.`);
  }
}
