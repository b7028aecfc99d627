import { AppError } from '../error.ts';
import { modelPriceOf } from '../model-price.ts';
import { codeForStatus } from '../model-status.ts';
import { isModelAnswer, type ModelTrial, type ModelVerdict, trialCall, wordsOf } from '../model-test.ts';
import type { Clock, ModelCaller, ParameterStore } from '../ports.ts';
import { checkKey, keyFor, providerKeyName } from '../provider-key.ts';
import { endpointOf } from '../settings.ts';

export interface TestModelPorts {
  parameters: ParameterStore;
  caller: ModelCaller;
  now: Clock;
}

export interface Trial extends ModelTrial {
  owner: string;
  /** As just typed; the stored one where absent. */
  key?: string | null | undefined;
}

/**
 * Tries a model with one tiny call, at the cost of its owner's own key: the deployment's is never used here.
 * Gives a verdict for whatever the provider does. Throws `key.invalid` and `settings.invalid`.
 */
export async function testModel(ports: TestModelPorts, trial: Trial): Promise<ModelVerdict> {
  const { owner, provider, model } = trial;
  const endpoint = endpointOf(trial);
  if (!endpoint || !model)
    throw new AppError('settings.invalid', { detail: 'a model and an address are needed' });
  const key = trial.key
    ? checkKey(trial.key)
    : keyFor(provider, await ports.parameters.get(providerKeyName(owner)));
  const priced = modelPriceOf(provider, model, trial.price) !== null;
  const begun = ports.now();
  const verdict = (code: ModelVerdict['code'], detail = ''): ModelVerdict => ({
    ...{ code, detail, priced },
    milliseconds: ports.now() - begun,
  });
  if (!key && provider !== 'openai-compatible') return verdict('model.key_rejected');

  const answer = await ports.caller(trialCall(endpoint, model, key));
  if (answer.outcome !== 'answered') {
    return verdict(answer.outcome === 'timeout' ? 'model.timeout' : 'model.unreachable', answer.detail);
  }
  if (answer.status < 200 || answer.status >= 300) {
    const code = codeForStatus(answer.status);
    // What a provider writes about a rejected key may quote a part of it.
    const words = code === 'model.key_rejected' ? '' : wordsOf(answer.text, key);
    return verdict(code, `${answer.status} ${words}`.trim());
  }
  return isModelAnswer(answer.text) ? verdict(null) : verdict('model.garbage', wordsOf(answer.text, key));
}
