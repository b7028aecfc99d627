import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join } from 'node:path';
import * as z from 'zod';
import { languages } from '../../../amplify/core/language.ts';
import type { BotApi, Pages } from './bot-api.ts';
import type { Person } from './world.ts';

const files: Readonly<Record<string, string>> = {
  '/chat.css': 'chat.css',
  '/chat.js': 'chat.js',
};
const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
};
/** Nothing but the page's own files: what the bot says is text. */
const headers = { 'content-security-policy': "default-src 'self'", 'x-content-type-options': 'nosniff' };

const deed = z.discriminatedUnion('do', [
  z.object({ do: z.literal('say'), text: z.string().min(1).max(4096), language: z.enum(languages) }),
  z.object({
    do: z.literal('press'),
    message: z.number().int(),
    label: z.string(),
    language: z.enum(languages),
  }),
  z.object({ do: z.literal('stop'), language: z.enum(languages) }),
]);

/** The one person at the page. */
const you = (language: 'en' | 'ko'): Person => ({
  id: 4711,
  first_name: language === 'ko' ? '나' : 'You',
  language_code: language,
});

/** A small chat with the stand-in's bot, for people without a bot of their own: `/chat/<bot>`, as t.me/<bot> leads to the real one. */
export const chatPage =
  (api: BotApi): Pages =>
  async (path, request, response) => {
    if (path === '/' || path === `/chat/${api.world.bot.username}`) return send(response, 'chat.html');
    const file = files[path];
    if (file) return send(response, file);
    if (path === '/chat/events') return follow(api, response);
    if (path === '/chat/do' && request.method === 'POST') return act(api, request, response);
    return false;
  };

function send(response: ServerResponse, file: string): true {
  const body = readFileSync(join(import.meta.dirname, 'page', file));
  response.writeHead(200, { ...headers, 'content-type': types[extname(file)] ?? '' }).end(body);
  return true;
}

/** What the chat shows now, and again after each change (server-sent events). */
function follow(api: BotApi, response: ServerResponse): true {
  response.writeHead(200, { ...headers, 'content-type': 'text/event-stream' });
  const chat = you('en').id;
  const tell = () => {
    const { world } = api;
    const draft = world.drafts().find((each) => each.chat === chat);
    const typing = world.actions.findLast((each) => each.chat === chat);
    const messages = world.of(chat).map(({ message_id, from, text, entities, keyboard, file, date }) => ({
      id: message_id,
      isOwn: from !== null,
      text,
      entities,
      date,
      buttons: keyboard?.flat().map((button) => button.text) ?? [],
      file: file?.file_name ?? null,
    }));
    const state = {
      bot: world.bot.first_name,
      messages,
      draft: draft ? { text: draft.text, entities: draft.entities, canStop: draft.canStop } : null,
      typingUntil: typing ? typing.at + 5_000 : 0,
      toast: world.toasts.at(-1)?.text ?? '',
      toasts: world.toasts.length,
    };
    response.write(`data: ${JSON.stringify(state)}\n\n`);
  };
  tell();
  const stop = api.world.watch(tell);
  response.once('close', stop);
  return true;
}

async function act(api: BotApi, request: IncomingMessage, response: ServerResponse): Promise<true> {
  const refuse = (status: number) => {
    response.writeHead(status).end();
    return true as const;
  };
  // Another page in the same browser must not speak for the person.
  if (request.headers.origin !== `http://${request.headers.host}`) return refuse(403);
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const parsed = deed.safeParse(parse(Buffer.concat(chunks).toString()));
  if (!parsed.success) return refuse(400);
  const person = api.person(you(parsed.data.language));
  if (parsed.data.do === 'say') person.say(parsed.data.text);
  else if (parsed.data.do === 'stop') person.stopDraft();
  else {
    const message = api.world.find(person.who.id, parsed.data.message);
    if (!message) return refuse(404);
    person.press(message, parsed.data.label);
  }
  return refuse(204);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
