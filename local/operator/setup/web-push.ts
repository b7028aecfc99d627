import { GetParameterCommand, ParameterNotFound, PutParameterCommand } from '@aws-sdk/client-ssm';
import * as z from 'zod';
import { newAccess, pushParameters } from '../../../amplify/adapters/web-push/vapid.ts';
import { awsFault } from '../aws-fault.ts';
import type { Clients } from '../clients.ts';
import type { Deployment } from '../deployment.ts';
import type { Dialogue } from '../dialogue.ts';

/**
 * Makes the deployment's key for Web Push and stores it, encrypted, with its public half beside it. A key that is there stays:
 * with another one every browser would have to subscribe again.
 */
export async function setUpWebPush(
  { ssm }: Pick<Clients, 'ssm'>,
  deployment: Pick<Deployment, 'id'>,
  dialogue: Dialogue,
): Promise<void> {
  dialogue.say('\nNotifications of answers while the app is closed (Web Push).');
  if (await hasKey(ssm, deployment)) return dialogue.say('  • They are set up.');
  const contact = await dialogue.ask(
    'E-mail address at which push services may reach you, or nothing to leave them off',
    {
      check: (answer) =>
        answer === '' || z.email().safeParse(answer).success ? undefined : 'That is no e-mail address.',
    },
  );
  if (contact === '') return;
  await storeKey(ssm, deployment, `mailto:${contact}`);
  dialogue.say('  ✓ Set up. People switch them on in the web app: Settings → Notifications.');
}

const nameOf = ({ id }: Pick<Deployment, 'id'>, name: keyof typeof pushParameters) =>
  `/serverless-openclaw/${id}${pushParameters[name]}`;

async function hasKey(ssm: Clients['ssm'], deployment: Pick<Deployment, 'id'>): Promise<boolean> {
  try {
    await ssm.send(new GetParameterCommand({ Name: nameOf(deployment, 'profile') }));
    return true;
  } catch (error) {
    if (error instanceof ParameterNotFound) return false;
    throw awsFault('Looking for the key of Web Push', error);
  }
}

/** The secret half first: a public one alone would have browsers subscribe to nobody. */
async function storeKey(
  ssm: Clients['ssm'],
  deployment: Pick<Deployment, 'id'>,
  contact: string,
): Promise<void> {
  const access = newAccess(contact);
  const parameters = [
    { Name: nameOf(deployment, 'access'), Type: 'SecureString', Value: JSON.stringify(access) },
    {
      Name: nameOf(deployment, 'profile'),
      Type: 'String',
      Value: JSON.stringify({ publicKey: access.publicKey }),
    },
  ] as const;
  try {
    for (const parameter of parameters)
      await ssm.send(new PutParameterCommand({ ...parameter, Overwrite: true }));
  } catch (error) {
    throw awsFault('Storing the key of Web Push', error);
  }
}
