import { GetParameterCommand, ParameterNotFound, PutParameterCommand } from '@aws-sdk/client-ssm';
import { type ModelDefault, modelDefault, providers } from '../../../amplify/core/settings.ts';
import { awsFault } from '../aws-fault.ts';
import type { Clients } from '../clients.ts';
import type { Deployment } from '../deployment.ts';
import type { Dialogue } from '../dialogue.ts';

/** Asks for the deployment's model and key and stores both, encrypted, in the parameter that tasks are served from. */
export async function setUpModel({ ssm }: Clients, { id }: Deployment, dialogue: Dialogue): Promise<void> {
  const Name = `/serverless-openclaw/${id}/model-default`;
  dialogue.say('\nThe model that everybody gets who has none of their own. It is paid by this key.');
  if (await exists(ssm, Name)) {
    const again = await dialogue.ask('There is one already. Replace it? yes or no', {
      fallback: 'no',
      check: yesOrNo,
    });
    if (again === 'no') return;
  }
  const chosen = await askForModel(dialogue);
  try {
    await ssm.send(
      new PutParameterCommand({ Name, Type: 'SecureString', Overwrite: true, Value: JSON.stringify(chosen) }),
    );
  } catch (error) {
    throw awsFault('Storing the model', error);
  }
  dialogue.say(`  ✓ Stored ${chosen.provider}/${chosen.model}. It counts from the next wake.`);
}

export const yesOrNo = (answer: string) => (['yes', 'no'].includes(answer) ? undefined : 'Type yes or no.');

async function askForModel(dialogue: Dialogue): Promise<ModelDefault> {
  const provider = await dialogue.ask(`Provider (${providers.join(', ')})`, {
    fallback: 'anthropic',
    check: (answer) => complaintOf('provider', answer),
  });
  const baseUrl =
    provider === 'openai-compatible'
      ? await dialogue.ask('Address of its API, ending in /v1 mostly', {
          check: (answer) => (answer === '' ? 'It needs an address.' : complaintOf('baseUrl', answer)),
        })
      : undefined;
  const model = await dialogue.ask('Model, by the name that the provider gives it', {
    check: (answer) => complaintOf('model', answer),
  });
  const apiKey = await dialogue.ask('Key (it is not shown)', {
    secret: true,
    check: (answer) =>
      answer === '' && provider !== 'openai-compatible' ? 'This provider needs a key.' : undefined,
  });
  return modelDefault.parse({ provider, model, ...(baseUrl && { baseUrl }), ...(apiKey && { apiKey }) });
}

function complaintOf(field: 'provider' | 'baseUrl' | 'model', answer: string): string | undefined {
  return modelDefault.shape[field].safeParse(answer).error?.issues[0]?.message;
}

async function exists(ssm: Clients['ssm'], Name: string): Promise<boolean> {
  try {
    await ssm.send(new GetParameterCommand({ Name }));
    return true;
  } catch (error) {
    if (error instanceof ParameterNotFound) return false;
    throw awsFault('Looking for a model', error);
  }
}
