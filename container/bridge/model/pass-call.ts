import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ModelGrant } from '../openclaw/configuration.ts';
import { codeForStatus } from './failure.ts';
import { formats } from './format/format.ts';
import type { ModelTurn } from './proxy.ts';
import { errorBody } from './refuse.ts';
import type { ModelRequest } from './request.ts';
import type { CallEnd } from './spending.ts';
import { type Piece, StreamReader } from './stream-reader.ts';
import { isObject } from './tokens.ts';
import { answerBytes, answerFor, CallFailed, callModel, type ModelTimeouts, neutral } from './upstream.ts';

/**
 * Passes one call on, and tells `sees` all the while what it costs if it ended now. Gives what the model said for
 * people. Throws CallFailed after having answered OpenClaw where there is something to say.
 */
export async function passCall(call: {
  model: ModelGrant;
  request: IncomingMessage;
  asked: ModelRequest;
  response: ServerResponse;
  called: readonly ModelTurn[];
  aborted: AbortController;
  timeouts: ModelTimeouts;
  sees(end: CallEnd): void;
}): Promise<string> {
  const { model, asked, response, aborted, timeouts, sees } = call;
  const format = formats[model.api];
  const upstream = await callModel({
    model,
    headers: call.request.headers,
    body: asked.body,
    timeouts,
    signal: aborted.signal,
  }).catch((error: unknown) => {
    // It was sent, and nothing came back: whether it is billed, nobody tells.
    if (aborted.signal.aborted || (error instanceof CallFailed && error.code === 'model.timeout'))
      sees({ kind: 'unknown' });
    throw error;
  });
  if (!upstream.ok) {
    const code = codeForStatus(upstream.status);
    const text = withoutKey(await upstream.text().catch(() => ''), model.apiKey);
    // What a provider writes about a rejected key quotes the key: nothing of it is shown.
    const detail =
      code === 'model.key_rejected'
        ? `status ${upstream.status}`
        : `status ${upstream.status}: ${text.slice(0, 200)}`;
    const { status, isNeutral } = answerFor(upstream.status);
    response.writeHead(status, { 'content-type': 'application/json', ...retryAfter(upstream) });
    response.end(isNeutral ? errorBody('invalid_request_error', neutral) : text);
    throw new CallFailed(code, detail);
  }
  const mark = async () => {
    try {
      await Promise.all(call.called.map((turn) => turn.beforeTool()));
    } catch (cause) {
      aborted.abort(cause);
      response.destroy();
      throw cause;
    }
  };
  const type = upstream.headers.get('content-type') ?? 'application/octet-stream';
  if (!asked.stream) {
    sees({ kind: 'unknown' });
    const text = await upstream.text().catch(() => {
      throw new CallFailed('model.cut_off', 'the answer broke off');
    });
    const answer = parse(text);
    if (!isObject(answer)) throw new CallFailed('model.garbage', 'the answer is not JSON');
    const read = format.readWhole(answer);
    sees(
      read.tokens
        ? { kind: 'told', tokens: read.tokens }
        : { kind: 'seen', tokens: undefined, written: Buffer.byteLength(text) },
    );
    if (read.tool) await mark();
    response.writeHead(200, { 'content-type': type });
    response.end(text);
    return read.text ?? '';
  }
  const reader = new StreamReader(format);
  const look = () => {
    const { tokens, written } = reader;
    sees(tokens && reader.finished ? { kind: 'told', tokens } : { kind: 'seen', tokens, written });
  };
  look();
  if (!type.includes('text/event-stream')) throw new CallFailed('model.garbage', `an answer of type ${type}`);
  let marked = false;
  let said = '';
  const judge = async ({ tool, text, failure }: Piece) => {
    look();
    if (failure) throw new CallFailed(failure.code, withoutKey(failure.detail, model.apiKey));
    said += text;
    if (tool && !marked) {
      await mark();
      marked = true;
    }
  };
  for await (const chunk of answerBytes(upstream, timeouts, aborted.signal)) {
    await judge(reader.read(chunk));
    if (!response.headersSent) response.writeHead(200, { 'content-type': type, 'cache-control': 'no-cache' });
    // Where OpenClaw has ended the call meanwhile, nothing drains any more.
    if (!response.write(chunk)) await once(response, 'drain', { signal: aborted.signal });
  }
  await judge(reader.end());
  if (!reader.finished) throw new CallFailed('model.cut_off', 'the answer ended without its end mark');
  response.end();
  return said;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const withoutKey = (text: string, key: string | null | undefined) =>
  key ? text.replaceAll(key, '[key]') : text;

function retryAfter(upstream: Response): Record<string, string> {
  const value = upstream.headers.get('retry-after');
  return value ? { 'retry-after': value } : {};
}
