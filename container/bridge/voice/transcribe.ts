import { fetchFrom, PrivateAddress } from '../../../amplify/adapters/public-fetch.ts';
import type { Usage } from '../appsync/backend.ts';
import { codeForStatus } from '../model/failure.ts';
import type { CallEnd, Spending } from '../model/spending.ts';
import { count, isObject, objectOf, toldOf } from '../model/tokens.ts';
import { CallFailed } from '../model/upstream.ts';
import type { ModelGrant } from '../openclaw/configuration.ts';

export type TranscriberGrant = NonNullable<ModelGrant['transcriber']>;

/** A recording as somebody sent it. */
export interface Recording {
  readonly name: string;
  /** Media type. */
  readonly type: string;
  readonly bytes: Uint8Array;
}

/** A minute of speech takes a second or two; a turn does not wait longer than this, milliseconds. */
export const transcribeTimeout = 60_000;

/**
 * Has one recording written down, with the owner's key: its worst case is reserved before, and what it came to is
 * counted after. Gives the text; `used` is told what it cost. Throws CallFailed, with `spending.…` where nothing may
 * be spent; its words hold nothing that a provider wrote.
 */
export async function transcribe(call: {
  model: ModelGrant;
  transcriber: TranscriberGrant;
  spending: Spending;
  recording: Recording;
  conversationId: string;
  used(usage: Usage): void;
  signal: AbortSignal;
  timeout?: number;
}): Promise<string> {
  const { transcriber, recording } = call;
  const request = { most: transcriber.most, bytes: recording.bytes.length };
  const { settle } = await call.spending.reserve(transcriber.price, request, call.conversationId);
  let end: CallEnd = { kind: 'unbilled' };
  try {
    const response = await ask(call).catch((error: unknown) => {
      // It was sent, and nothing came back: whether it is billed, nobody tells.
      if (!(error instanceof PrivateAddress) && !isRefusedConnection(error)) end = { kind: 'unknown' };
      throw new CallFailed('model.unreachable', 'the recording was not taken');
    });
    if (!response.ok) {
      await response.body?.cancel();
      throw new CallFailed(codeForStatus(response.status), `status ${response.status}`);
    }
    end = { kind: 'unknown' };
    const answer: unknown = await response.json().catch(() => undefined);
    if (!isObject(answer) || typeof answer.text !== 'string')
      throw new CallFailed('model.garbage', 'no transcript');
    end = endOf(answer.usage, answer.text);
    return answer.text.trim();
  } finally {
    const usage = settle(end);
    if (usage) call.used(usage);
  }
}

const isRefusedConnection = (error: unknown): boolean =>
  error instanceof Error &&
  ['ECONNREFUSED', 'ENOTFOUND'].includes((error as NodeJS.ErrnoException).code ?? '');

async function ask(call: Parameters<typeof transcribe>[0]): Promise<Response> {
  const { model, transcriber, recording, signal, timeout } = call;
  const { body, type } = await bodyOf(transcriber, recording);
  const url = `${model.baseUrl.replace(/\/+$/, '')}/audio/transcriptions`;
  const headers = {
    accept: 'application/json',
    'content-type': type,
    ...(model.apiKey && { authorization: `Bearer ${model.apiKey}` }),
  };
  const within = AbortSignal.any([signal, AbortSignal.timeout(timeout ?? transcribeTimeout)]);
  return fetchFrom(url, { method: 'POST', headers, body, signal: within }, model.reach ?? 'public');
}

async function bodyOf({ model, dialect }: TranscriberGrant, { name, type, bytes }: Recording) {
  if (dialect === 'openrouter') {
    const format = type === 'audio/mpeg' ? 'mp3' : type.replace(/^audio\/(x-)?/, '');
    const asked = { model, input_audio: { data: Buffer.from(bytes).toString('base64'), format } };
    return { body: Buffer.from(JSON.stringify(asked)), type: 'application/json' };
  }
  const form = new FormData();
  form.set('model', model);
  form.set('response_format', 'json');
  form.set('file', new File([new Uint8Array(bytes)], name, { type }));
  const encoded = new Response(form);
  return {
    body: Buffer.from(await encoded.arrayBuffer()),
    type: encoded.headers.get('content-type') ?? 'multipart/form-data',
  };
}

/** Both dialects tell tokens; OpenRouter tells the cost, too. Who tells nothing is counted by what was sent and written. */
function endOf(told: unknown, text: string): CallEnd {
  const usage = objectOf(told);
  const [prompt, output] = [count(usage.input_tokens), count(usage.output_tokens)];
  if (prompt === 0 && typeof usage.cost !== 'number')
    return { kind: 'seen', tokens: undefined, written: Buffer.byteLength(text) };
  const tokens = toldOf({ prompt, output, cacheRead: 0, cacheWrite: 0, reasoning: 0, usd: usage.cost });
  return { kind: 'told', tokens };
}
