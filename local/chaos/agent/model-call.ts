import { setTimeout as delay } from 'node:timers/promises';

/** Where a session's model is: a lane of the bridge's proxy. */
export interface Lane {
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly model: string;
}

const tries = 5;
const pause = 200;

/**
 * Asks the model as OpenClaw does, streamed, and tries again when the call breaks off. Gives whether it wants a tool.
 * Throws after the last try.
 */
export async function askModel(lane: Lane, wanted: 'text' | 'tool', signal: AbortSignal): Promise<boolean> {
  for (let n = 1; ; n += 1) {
    try {
      const response = await fetch(`${lane.baseUrl}/chat/completions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${lane.apiKey}` },
        body: JSON.stringify({
          model: lane.model,
          stream: true,
          messages: [{ role: 'user', content: wanted }],
        }),
        signal,
      });
      const text = await response.text();
      if (!response.ok) throw new Error(`the model answered ${response.status}: ${text.slice(0, 200)}`);
      return text.includes('"tool_calls":[');
    } catch (error) {
      if (signal.aborted || n === tries) throw error;
      await delay(pause * n, undefined, { signal });
    }
  }
}
