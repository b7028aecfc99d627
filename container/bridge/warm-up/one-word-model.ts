import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { ModelApi } from '../model/format/format.ts';

export interface OneWordModel {
  /** Without a version path. */
  readonly url: string;
  close(): void;
}

/** Dialects that it speaks. */
export type SpokenApi = Exclude<ModelApi, 'openai-responses'>;

const command = JSON.stringify({ command: 'true' });

/** The events of an answer: a command first, a word once it has run. */
const answers: Record<SpokenApi, Record<'call' | 'word', readonly unknown[]>> = {
  'openai-completions': {
    call: [
      chunk({
        role: 'assistant',
        tool_calls: [
          { index: 0, id: 'call_1', type: 'function', function: { name: 'exec', arguments: command } },
        ],
      }),
      chunk({}, 'tool_calls'),
    ],
    word: [chunk({ role: 'assistant', content: 'Ready.' }), chunk({}, 'stop')],
  },
  'anthropic-messages': {
    call: message(
      { type: 'tool_use', id: 'toolu_1', name: 'exec', input: {} },
      { type: 'input_json_delta', partial_json: command },
      'tool_use',
    ),
    word: message({ type: 'text', text: '' }, { type: 'text_delta', text: 'Ready.' }, 'end_turn'),
  },
};

function chunk(delta: unknown, finish_reason: string | null = null): unknown {
  const usage = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 };
  return {
    id: 'c',
    object: 'chat.completion.chunk',
    created: 1,
    model: 'm',
    usage,
    choices: [{ index: 0, delta, finish_reason }],
  };
}

function message(content_block: unknown, delta: unknown, stop_reason: string): unknown[] {
  const usage = { input_tokens: 1, output_tokens: 1 };
  return [
    {
      type: 'message_start',
      message: {
        id: 'msg_1',
        type: 'message',
        role: 'assistant',
        model: 'm',
        content: [],
        stop_reason: null,
        usage,
      },
    },
    { type: 'content_block_start', index: 0, content_block },
    { type: 'content_block_delta', index: 0, delta },
    { type: 'content_block_stop', index: 0 },
    { type: 'message_delta', delta: { stop_reason, stop_sequence: null }, usage },
    { type: 'message_stop' },
  ];
}

/** A model on loopback that has a command run and then says a word, whatever it is told: for the image's build alone. */
export async function startOneWordModel(): Promise<OneWordModel> {
  const server = createServer(async (request, response) => {
    const isMessages = request.url?.endsWith('/messages') ?? false;
    const ranOne = /"role":"tool"|"tool_result"/.test(await text(request));
    const events =
      answers[isMessages ? 'anthropic-messages' : 'openai-completions'][ranOne ? 'word' : 'call'];
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const event of events) {
      if (isMessages) response.write(`event: ${(event as { type: string }).type}\n`);
      response.write(`data: ${JSON.stringify(event)}\n\n`);
    }
    response.end(isMessages ? '' : 'data: [DONE]\n\n');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
