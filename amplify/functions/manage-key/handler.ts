import * as z from 'zod';
import { ssmSecrets } from '../../adapters/ssm.ts';
import { AppError } from '../../core/error.ts';
import type { KeyView } from '../../core/provider-key.ts';
import { provider } from '../../core/settings.ts';
import { deleteKey, readKeyView, saveKey } from '../../core/use-cases/provider-key.ts';
import { keyEnvironment, parseEnvironment } from '../environment.ts';
import { answering } from '../fault.ts';
import { log } from '../log.ts';
import { aboutUserEvent, readUserEvent } from '../user-event.ts';

const environment = parseEnvironment(keyEnvironment, process.env);
const ports = { secrets: ssmSecrets(environment.PARAMETER_PREFIX), now: Date.now };

const field = z.object({ fieldName: z.enum(['providerKey', 'saveProviderKey', 'deleteProviderKey']) });
const nothing = z.object({});
const key = z.object({ provider, key: z.string().max(4000) });

/** Never gives a key, and never logs one: `aboutUserEvent` tells who, not what. */
export const handler = answering(log, aboutUserEvent, async (event: unknown): Promise<KeyView | null> => {
  const parsed = field.safeParse(event);
  if (!parsed.success) throw new AppError('internal', { detail: 'a field that is not served here' });
  if (parsed.data.fieldName === 'saveProviderKey') return saveKey(ports, readUserEvent(event, key));
  const { owner } = readUserEvent(event, nothing);
  if (parsed.data.fieldName === 'deleteProviderKey') {
    await deleteKey(ports, owner);
    return null;
  }
  return readKeyView(ports, owner);
});
