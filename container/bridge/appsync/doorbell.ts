import { describeError, type Log } from '../log.ts';
import type { GraphqlTarget } from './graphql.ts';
import { realtimeUrl } from './realtime-url.ts';
import { signPost } from './sign.ts';

const query = 'subscription { agentDoorbell { owner kind conversationId messageId body } }';

/** AppSync signs what a client sends over the socket with these headers. */
const signedHeaders = {
  accept: 'application/json, text/javascript',
  'content-encoding': 'amz-1.0',
  'content-type': 'application/json; charset=UTF-8',
};

/** AppSync says how long a silence may last; this is used until it does, milliseconds. */
const defaultSilence = 300_000;
const firstRetry = 500;
const longestRetry = 15_000;

export interface Doorbell {
  close(): void;
}

/**
 * Keeps the subscription `agentDoorbell` alive and calls `onRing` each time there may be something to pull:
 * when it begins, after every reconnect (rings in between are lost), and for each event.
 */
export function openDoorbell(target: GraphqlTarget, onRing: () => void, log: Log): Doorbell {
  let closed = false;
  let socket: WebSocket | undefined;
  let retry = firstRetry;
  let retryTimer: NodeJS.Timeout | undefined;
  let silenceTimer: NodeJS.Timeout | undefined;

  const sign = async (url: string, body: string) =>
    signPost({
      url: new URL(url),
      body,
      headers: signedHeaders,
      region: target.region,
      credentials: await target.credentials(),
      now: target.clock.now(),
    });

  const again = (reason: string) => {
    clearTimeout(silenceTimer);
    const old = socket;
    socket = undefined;
    old?.close();
    if (closed || retryTimer) return;
    const wait = retry * (0.5 + Math.random() / 2);
    log('warn', 'doorbell.lost', { reason, retryMs: Math.round(wait) });
    retry = Math.min(retry * 2, longestRetry);
    retryTimer = setTimeout(() => {
      retryTimer = undefined;
      void connect();
    }, wait);
  };

  const connect = async () => {
    try {
      const header = JSON.stringify(await sign(`${target.url}/connect`, '{}'));
      if (closed) return;
      const current = new WebSocket(realtimeUrl(target.url), [
        'graphql-ws',
        `header-${Buffer.from(header).toString('base64url')}`,
      ]);
      socket = current;
      let silence = defaultSilence;
      const alive = () => {
        clearTimeout(silenceTimer);
        silenceTimer = setTimeout(() => again('silence'), silence);
      };
      alive();
      const isCurrent = () => socket === current && !closed;
      current.addEventListener('open', () => current.send(JSON.stringify({ type: 'connection_init' })));
      current.addEventListener('error', () => isCurrent() && again('socket error'));
      current.addEventListener('close', (event) => isCurrent() && again(`closed ${event.code}`));
      current.addEventListener('message', async ({ data }) => {
        if (!isCurrent()) return;
        alive();
        try {
          const frame = JSON.parse(String(data)) as {
            type: string;
            payload?: { connectionTimeoutMs?: number; errors?: unknown };
          };
          if (frame.type === 'connection_ack') {
            silence = frame.payload?.connectionTimeoutMs ?? defaultSilence;
            const body = JSON.stringify({ query, variables: {} });
            const authorization = await sign(target.url, body);
            if (isCurrent()) {
              current.send(
                JSON.stringify({
                  id: 'doorbell',
                  type: 'start',
                  payload: { data: body, extensions: { authorization } },
                }),
              );
            }
          } else if (frame.type === 'start_ack') {
            retry = firstRetry;
            log('info', 'doorbell.open');
            onRing();
          } else if (frame.type === 'data') {
            onRing();
          } else if (
            frame.type === 'connection_error' ||
            frame.type === 'error' ||
            frame.type === 'complete'
          ) {
            again(`${frame.type} ${JSON.stringify(frame.payload?.errors ?? '').slice(0, 200)}`);
          }
        } catch (error) {
          again(describeError(error));
        }
      });
    } catch (error) {
      again(describeError(error));
    }
  };
  void connect();
  return {
    close: () => {
      closed = true;
      clearTimeout(retryTimer);
      clearTimeout(silenceTimer);
      socket?.close();
    },
  };
}
