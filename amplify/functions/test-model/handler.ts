import * as z from 'zod';
import { modelCaller } from '../../adapters/model-caller.ts';
import { ssmParameters } from '../../adapters/ssm.ts';
import type { ModelVerdict } from '../../core/model-test.ts';
import { settings } from '../../core/settings.ts';
import { testModel } from '../../core/use-cases/test-model.ts';
import { parseEnvironment, testModelEnvironment } from '../environment.ts';
import { answering } from '../fault.ts';
import { log } from '../log.ts';
import { aboutUserEvent, readUserEvent } from '../user-event.ts';

const environment = parseEnvironment(testModelEnvironment, process.env);
const ports = {
  parameters: ssmParameters(environment.PARAMETER_PREFIX),
  // A model on one's own machine may have to be loaded first; AppSync waits 30 s.
  caller: modelCaller({ reach: environment.MODEL_ADDRESSES, timeoutMs: 25_000 }),
  now: Date.now,
};

const { provider, model, baseUrl, api, modelPrice } = settings.shape;
const trial = z.object({
  /** AWSJSON: a value, or its text. */
  trial: z.preprocess(
    (value) => (typeof value === 'string' ? JSON.parse(value) : value),
    z.object({
      provider: provider.unwrap().unwrap(),
      model: model.unwrap().unwrap(),
      baseUrl,
      api,
      price: modelPrice,
    }),
  ),
  key: z.string().max(4000).nullish(),
});

export const handler = answering(log, aboutUserEvent, async (event: unknown): Promise<ModelVerdict> => {
  const { owner, trial: asked, key } = readUserEvent(event, trial);
  const verdict = await testModel(ports, { owner, ...asked, key });
  const { code, milliseconds } = verdict;
  log({
    level: 'info',
    what: 'model-tested',
    ...aboutUserEvent(event),
    provider: asked.provider,
    code,
    milliseconds,
  });
  return verdict;
});
