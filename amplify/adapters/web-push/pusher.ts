import type { Clock, Log, ParameterStore } from '../../core/ports.ts';
import type { Pusher, PushResult } from '../../core/push/push-ports.ts';
import type { ModelReach } from '../../core/settings.ts';
import { fetchFrom } from '../public-fetch.ts';
import { encryptFor } from './encrypt.ts';
import { authorizationFor, type PushAccess, pushAccess, pushParameters } from './vapid.ts';

/** A push service keeps it for a browser that is away for this long, seconds. */
const keptSeconds = 24 * 60 * 60;
/** Longest time that one push may take, milliseconds: two of them and a pause fit into the function's own. */
const timeoutMs = 8_000;

/** The deployment's key; null where Web Push is not set up. */
export async function readPushAccess(parameters: ParameterStore): Promise<PushAccess | null> {
  const access = await parameters.get(pushParameters.access);
  return access === null ? null : pushAccess.parse(JSON.parse(access));
}

/** Pushes over the Web Push protocol (RFC 8030). `reach`: where a browser's push service may be. */
export function webPusher(
  access: PushAccess,
  { reach, now, log }: { reach: ModelReach; now: Clock; log: Log },
): Pusher {
  return {
    push: async (device, end) => {
      const { endpoint } = device;
      try {
        const answer = await fetchFrom(
          endpoint,
          {
            method: 'POST',
            headers: {
              authorization: authorizationFor(endpoint, access, now()),
              'content-encoding': 'aes128gcm',
              'content-type': 'application/octet-stream',
              ttl: String(keptSeconds),
              urgency: 'high',
              // A message's later end takes the place of an earlier one that was not fetched yet. 32 characters at most.
              topic: end.messageId.replaceAll('-', ''),
            },
            body: encryptFor(device, Buffer.from(JSON.stringify(end))),
            signal: AbortSignal.timeout(timeoutMs),
          },
          reach,
        );
        await answer.body?.cancel();
        return resultOf(answer.status);
      } catch (error) {
        // Whoever knows an endpoint can push to it, up to the signature: its host is all that is told of it.
        const message = error instanceof Error ? error.name : 'unknown';
        log({ level: 'warn', what: 'push-unreachable', host: new URL(endpoint).host, error: message });
        return 'busy';
      }
    },
  };
}

/** RFC 8030, 5 and 7.3; 404 is what some services say of a subscription that has ended. */
function resultOf(status: number): PushResult {
  if (status >= 200 && status < 300) return 'sent';
  if (status === 404 || status === 410) return 'gone';
  return status === 429 || status >= 500 ? 'busy' : 'refused';
}
