import type { ModelCaller } from '../core/ports.ts';
import type { ModelReach } from '../core/settings.ts';
import { fetchFrom, PrivateAddress } from './public-fetch.ts';

/** An answer to a tiny call is short; more of it is not read, characters. */
const maxAnswer = 64 * 1024;

/** Asks a model's address once, within the deployment's reach. */
export const modelCaller =
  (options: { reach: ModelReach; timeoutMs: number }): ModelCaller =>
  async ({ url, headers, body }) => {
    const signal = AbortSignal.timeout(options.timeoutMs);
    const call = { method: 'POST' as const, headers, body: new TextEncoder().encode(body), signal };
    try {
      const answer = await fetchFrom(url, call, options.reach);
      return { outcome: 'answered', status: answer.status, text: await beginOf(answer) };
    } catch (error) {
      if (signal.aborted) return { outcome: 'timeout', detail: '' };
      const fault = error as NodeJS.ErrnoException;
      const detail = error instanceof PrivateAddress ? fault.message : (fault.code ?? 'no connection');
      return { outcome: 'unreachable', detail };
    }
  };

async function beginOf(answer: Response): Promise<string> {
  const reader = answer.body?.getReader();
  const decoder = new TextDecoder();
  let text = '';
  while (reader && text.length < maxAnswer) {
    const { done, value } = await reader.read();
    if (done) break;
    text += decoder.decode(value, { stream: true });
  }
  await reader?.cancel().catch(() => {});
  return text.slice(0, maxAnswer);
}
