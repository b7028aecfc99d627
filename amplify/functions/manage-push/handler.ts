import { createHash } from 'node:crypto';
import * as z from 'zod';
import { dynamoDevices } from '../../adapters/dynamo-devices.ts';
import { dynamoDocument } from '../../adapters/dynamo-document.ts';
import { ssmParameters } from '../../adapters/ssm.ts';
import { isPublicKey } from '../../adapters/web-push/encrypt.ts';
import { readPublicKey } from '../../adapters/web-push/vapid.ts';
import { AppError } from '../../core/error.ts';
import { listDevices, saveDevice } from '../../core/push/own-devices.ts';
import type { DeviceView, PushView } from '../../core/push/push-view.ts';
import { managePushEnvironment, parseEnvironment } from '../environment.ts';
import { answering } from '../fault.ts';
import { log } from '../log.ts';
import { aboutUserEvent, readUserEvent } from '../user-event.ts';

const environment = parseEnvironment(managePushEnvironment, process.env);
const parameters = ssmParameters(environment.PARAMETER_PREFIX);
const ports = {
  devices: dynamoDevices(dynamoDocument(), environment.DEVICE_TABLE),
  now: Date.now,
  hash: (text: string) => createHash('sha256').update(text).digest('base64url'),
  isPublicKey,
};

const field = z.object({ fieldName: z.enum(['push', 'savePushDevice', 'removePushDevice']) });
/** What a browser gave is looked at by the use case, which says what is wrong with it. */
const device = z.record(z.string(), z.unknown());
const named = z.object({ id: z.string().min(1).max(100) });

/** The signed-in user's browsers that are pushed to. Their addresses are given to nobody, and no log has them. */
export const handler = answering(
  log,
  aboutUserEvent,
  async (event: unknown): Promise<PushView | DeviceView | boolean> => {
    const parsed = field.safeParse(event);
    if (!parsed.success) throw new AppError('internal', { detail: 'no field of this function' });
    if (parsed.data.fieldName === 'removePushDevice') {
      const { owner, id } = readUserEvent(event, named);
      await ports.devices.remove(owner, id);
      return true;
    }
    const publicKey = await readPublicKey(parameters);
    if (parsed.data.fieldName === 'push') {
      const { owner } = readUserEvent(event, z.object({}));
      return { publicKey, devices: [...(await listDevices(ports, owner))] };
    }
    if (publicKey === null) throw new AppError('push.not_set_up');
    const { owner, ...given } = readUserEvent(event, device);
    return saveDevice(ports, owner, given);
  },
);
