import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { ModelDefault } from '../../amplify/core/settings.ts';

export interface ScriptedModel {
  readonly modelDefault: ModelDefault;
  close(): Promise<void>;
}

const model = 'scripted';

/** An OpenAI-compatible model that says a word, or asks for a tool when the last message is `tool`. */
export async function startScriptedModel(): Promise<ScriptedModel> {
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  return {
    modelDefault: {
      ...{ provider: 'openai-compatible', model, baseUrl: `http://127.0.0.1:${port}/v1` },
      // Without a price no model is called; with one each call is reserved and settled.
      price: { input: 1, output: 1 },
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const parts: Buffer[] = [];
  for await (const part of request as AsyncIterable<Buffer>) parts.push(part);
  const { messages } = JSON.parse(Buffer.concat(parts).toString()) as { messages: { content: string }[] };
  const wantsTool = messages.at(-1)?.content === 'tool';
  const call = { index: 0, id: 'call-1', type: 'function', function: { name: 'exec', arguments: '{}' } };
  const chunk = (value: object) => response.write(`data: ${JSON.stringify({ model, ...value })}\n\n`);
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  chunk({ choices: [{ index: 0, delta: wantsTool ? { tool_calls: [call] } : { content: 'word' } }] });
  chunk({ choices: [{ index: 0, delta: {}, finish_reason: wantsTool ? 'tool_calls' : 'stop' }] });
  chunk({ choices: [], usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 } });
  response.end('data: [DONE]\n\n');
}
