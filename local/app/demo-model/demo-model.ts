import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { ModelDefault } from '../../../amplify/core/settings.ts';
import { type ChatRequest, type Conversation, readConversation } from './conversation.ts';
import { type Fault, faultOf, faultStatus } from './faults.ts';
import { nextStep, type Step } from './script.ts';
import { standInTranscript } from './transcription.ts';

export interface DemoModelOptions {
  /** 0 (the default) takes a free one. */
  readonly port?: number;
  /** Between two words, milliseconds. */
  readonly pace?: number;
  /** Lets a message ask for a fault: for tests only. */
  readonly allowFaults?: boolean;
  /** Told about each request before it is answered: for tests. */
  readonly onRequest?: (request: ChatRequest) => void;
  /** Ids that it answers to besides its own: for tests. */
  readonly alsoKnownAs?: readonly string[];
  /** Another script than the demonstration's: for tests that need tools of their own. */
  readonly script?: (conversation: Conversation) => Step;
}

export interface DemoModel {
  /** Base URL for an OpenAI-compatible client, ending in `/v1`. */
  readonly url: string;
  /** What a deployment's parameter holds to use it. */
  readonly modelDefault: ModelDefault;
  close(): Promise<void>;
}

/** The model's id: any other is refused, so that a mistake in a configuration is seen. */
export const demoModelId = 'scripted-demo';

const notice = {
  en: 'A scripted demonstration without intelligence answers here. Set a provider key to talk to a real model.',
  ko: '지능이 없는 데모 모델이 대본대로 답변하고 있습니다. 실제 모델과 대화하려면 모델 제공자의 API 키를 설정해 주세요.',
};

const defaultPace = 35;
const maxRequest = 32 * 1024 * 1024;

/**
 * Serves the scripted demonstration as an OpenAI-compatible chat model on loopback (`/v1/chat/completions`,
 * `/v1/models`, and a stand-in of `/v1/audio/transcriptions`). It has no intelligence and says so; it makes real tool calls when it is asked to.
 */
export async function startDemoModel(options: DemoModelOptions = {}): Promise<DemoModel> {
  const server = createServer((request, response) => {
    request.on('error', () => {});
    answer(request, response, options).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else refuse(response, 500, error instanceof Error ? error.message : 'failed');
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as { port: number };
  const url = `http://127.0.0.1:${port}/v1`;
  return {
    url,
    modelDefault: {
      provider: 'openai-compatible',
      model: demoModelId,
      baseUrl: url,
      notice,
      price: { input: 0, output: 0 },
      transcriber: { model: demoModelId, price: { input: 0, output: 0 } },
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  options: DemoModelOptions,
): Promise<void> {
  if (request.method === 'GET' && request.url === '/v1/models') {
    send(response, 200, {
      object: 'list',
      data: [{ id: demoModelId, object: 'model', owned_by: 'demonstration' }],
    });
    return;
  }
  const isVoice = request.url === '/v1/audio/transcriptions';
  if (request.method !== 'POST' || !(isVoice || request.url === '/v1/chat/completions')) {
    refuse(response, 404, 'the demonstration only knows POST /v1/chat/completions and audio/transcriptions');
    return;
  }
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > maxRequest) return refuse(response, 413, 'the request is too large');
    parts.push(part);
  }
  if (isVoice) {
    const heard = await standInTranscript(request.headers['content-type'] ?? '', Buffer.concat(parts));
    return heard
      ? send(response, 200, heard)
      : refuse(response, 400, 'a form with model and file is missing');
  }
  let chat: ChatRequest;
  try {
    chat = JSON.parse(Buffer.concat(parts).toString()) as ChatRequest;
  } catch {
    return refuse(response, 400, 'the request is not JSON');
  }
  if (!Array.isArray(chat.messages)) return refuse(response, 400, 'messages is missing');
  if (chat.model !== demoModelId && !options.alsoKnownAs?.includes(chat.model))
    return refuse(response, 404, `the only model here is ${demoModelId}`);
  options.onRequest?.(chat);
  const conversation = readConversation(chat);
  const fault = options.allowFaults ? faultOf(conversation.asked.at(-1) ?? '') : undefined;
  const status = fault && faultStatus[fault];
  if (status) return refuse(response, status, `as asked: ${fault}`);
  if (fault === 'timeout') return;
  const step = (options.script ?? nextStep)(conversation);
  if (chat.stream) await stream(response, step, chat, options.pace ?? defaultPace, fault);
  else send(response, 200, whole(step, chat));
}

function refuse(response: ServerResponse, status: number, message: string): void {
  send(response, status, {
    error: { message, type: status === 429 ? 'rate_limit_error' : 'invalid_request_error' },
  });
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

const frame = (chat: ChatRequest, object: string) => ({
  id: `demo-${Date.now()}`,
  object,
  created: Math.floor(Date.now() / 1000),
  model: chat.model,
});

/** Four characters a token: near enough for a demonstration that costs nothing. */
function usageOf(step: Step, chat: ChatRequest) {
  const prompt = Math.ceil(JSON.stringify(chat.messages).length / 4);
  const completion = Math.ceil(JSON.stringify(step).length / 4);
  return { prompt_tokens: prompt, completion_tokens: completion, total_tokens: prompt + completion };
}

const toolCall = (step: Extract<Step, { kind: 'call' }>) => ({
  id: `call_${Date.now()}_${Math.random().toString(36).slice(2, 8)}`,
  type: 'function',
  function: { name: step.tool, arguments: JSON.stringify(step.arguments) },
});

function whole(step: Step, chat: ChatRequest): unknown {
  const message = {
    role: 'assistant',
    content: step.text,
    ...(step.kind === 'say' && step.thinking ? { reasoning_content: step.thinking } : {}),
    ...(step.kind === 'call' ? { tool_calls: [toolCall(step)] } : {}),
  };
  const choice = { index: 0, message, finish_reason: step.kind === 'call' ? 'tool_calls' : 'stop' };
  return { ...frame(chat, 'chat.completion'), choices: [choice], usage: usageOf(step, chat) };
}

async function stream(
  response: ServerResponse,
  step: Step,
  chat: ChatRequest,
  pace: number,
  fault?: Fault,
): Promise<void> {
  const left = new AbortController();
  response.on('close', () => left.abort());
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  const base = frame(chat, 'chat.completion.chunk');
  const event = (value: unknown) => response.write(`data: ${JSON.stringify(value)}\n\n`);
  const delta = (value: unknown, finish: string | null = null) =>
    event({ ...base, choices: [{ index: 0, delta: value, finish_reason: finish }] });

  delta({ role: 'assistant', content: '' });
  const thoughts = (step.kind === 'say' && step.thinking?.match(/\S+\s*/g)) || [];
  for (const word of thoughts) {
    delta({ reasoning_content: word });
    await delay(pace, undefined, { signal: left.signal }).catch(() => {});
    if (left.signal.aborted) return;
  }
  const said = step.text.match(/\S+\s*/g) ?? [];
  for (const [index, word] of said.entries()) {
    if (fault && index === 5) {
      if (fault === 'garbage') response.write('<html>not what was asked for</html>\n\n');
      if (fault === 'stall') return;
      response.end();
      return;
    }
    delta({ content: word });
    await delay(pace, undefined, { signal: left.signal }).catch(() => {});
    if (left.signal.aborted) return;
  }
  if (step.kind === 'call') delta({ tool_calls: [{ index: 0, ...toolCall(step) }] });
  delta({}, step.kind === 'call' ? 'tool_calls' : 'stop');
  event({ ...base, choices: [], usage: usageOf(step, chat) });
  response.end('data: [DONE]\n\n');
}
