import { ListUsersCommand } from '@aws-sdk/client-cognito-identity-provider';
import { GetParameterCommand, ParameterNotFound } from '@aws-sdk/client-ssm';
import { modelDefault } from '../../../amplify/core/settings.ts';
import type { Clients } from '../clients.ts';
import type { Deployment } from '../deployment.ts';
import { cannotSee } from './account.ts';
import { type Finding, missing, note, ok } from './finding.ts';

const setup = 'npm run setup';

/** The model that a deployment gives to those who have none of their own. Its key is read and never told. */
export async function model({ ssm }: Clients, { id }: Deployment): Promise<Finding> {
  const Name = `/serverless-openclaw/${id}/model-default`;
  try {
    const { Parameter } = await ssm.send(new GetParameterCommand({ Name, WithDecryption: true }));
    if (Parameter?.Type !== 'SecureString') return missing(`${Name} is not encrypted`, setup);
    const parsed = modelDefault.safeParse(jsonOf(Parameter.Value));
    if (!parsed.success) {
      const faults = parsed.error.issues.map(({ path }) => path.join('.') || 'its form').join(', ');
      return missing(`${Name} can't be used: ${faults}`, setup);
    }
    const { provider, model: name, apiKey } = parsed.data;
    const key = apiKey ? 'with a key' : 'without a key';
    const needsKey = provider !== 'openai-compatible' && !apiKey;
    return needsKey
      ? missing(`${provider}/${name} has no key`, setup)
      : ok(`Model: ${provider}/${name}, ${key}`);
  } catch (error) {
    if (error instanceof ParameterNotFound) {
      return missing('No model is set: every message would fail with model.not_configured', setup);
    }
    return cannotSee('the model', error);
  }
}

/** Whether anybody can sign in. */
export async function users({ cognito }: Clients, deployment: Deployment): Promise<Finding> {
  try {
    const { Users = [] } = await cognito.send(
      new ListUsersCommand({ UserPoolId: deployment.userPoolId, Limit: 60 }),
    );
    const count =
      Users.length === 60
        ? '60 accounts or more'
        : `${Users.length} ${Users.length === 1 ? 'account' : 'accounts'}`;
    if (deployment.signUpOpen) {
      return note(
        `Anybody may sign up, and spend your money (${count})`,
        'SERVERLESS_OPENCLAW_SIGN_UP=closed ends it.',
      );
    }
    return Users.length > 0
      ? ok(`Sign-up is closed; ${count}`)
      : missing('Nobody can sign in: there is no account', setup);
  } catch (error) {
    return cannotSee('the accounts', error);
  }
}

function jsonOf(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}
