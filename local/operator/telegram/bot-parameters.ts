import { randomBytes } from 'node:crypto';
import {
  DeleteParametersCommand,
  GetParameterCommand,
  ParameterNotFound,
  PutParameterCommand,
} from '@aws-sdk/client-ssm';
import { type BotAccess, botAccess, telegramParameters } from '../../../amplify/adapters/telegram/client.ts';
import { awsFault } from '../aws-fault.ts';
import type { Clients } from '../clients.ts';
import type { Deployment } from '../deployment.ts';

type Ssm = Clients['ssm'];
type Name = keyof typeof telegramParameters;

const nameOf = ({ id }: Pick<Deployment, 'id'>, name: Name) =>
  `/serverless-openclaw/${id}${telegramParameters[name]}`;

/** A secret for the webhook: 256 random bits, of the letters that Telegram takes. */
export const newSecret = (): string => randomBytes(32).toString('base64url');

/** How the deployment reaches its bot; null when none is set up. */
export async function readAccess(ssm: Ssm, deployment: Pick<Deployment, 'id'>): Promise<BotAccess | null> {
  try {
    const command = new GetParameterCommand({ Name: nameOf(deployment, 'bot'), WithDecryption: true });
    const { Parameter } = await ssm.send(command);
    return botAccess.parse(JSON.parse(Parameter?.Value ?? ''));
  } catch (error) {
    if (error instanceof ParameterNotFound) return null;
    throw awsFault('Reading the bot', error);
  }
}

/** Stores a parameter; the secret ones encrypted. */
export async function store(
  ssm: Ssm,
  deployment: Pick<Deployment, 'id'>,
  name: Name,
  Value: string,
): Promise<void> {
  const Type = name === 'profile' ? 'String' : 'SecureString';
  try {
    await ssm.send(new PutParameterCommand({ Name: nameOf(deployment, name), Type, Overwrite: true, Value }));
  } catch (error) {
    throw awsFault('Storing the bot', error);
  }
}

export async function removeAll(ssm: Ssm, deployment: Pick<Deployment, 'id'>): Promise<void> {
  const names = Object.keys(telegramParameters) as Name[];
  try {
    await ssm.send(new DeleteParametersCommand({ Names: names.map((name) => nameOf(deployment, name)) }));
  } catch (error) {
    throw awsFault('Removing the bot', error);
  }
}
