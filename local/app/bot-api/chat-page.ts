import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join } from 'node:path';
import * as z from 'zod';
import { languages } from '../../../amplify/core/language.ts';
import type { BotApi, Pages } from './bot-api.ts';
import { giveFile, readFiles, sayFiles } from './chat-files.ts';
import { readBody } from './read-input.ts';
import { Refusal } from './refusal.ts';
import type { ChatMessage, Person } from './world.ts';

const files: readonly string[] = [
  'chat.css',
  'chat.js',
  'attaching.js',
  'bubbles.js',
  'formatted.js',
  'texts.js',
];
const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
};
/** Nothing but the page's own files and those of the chat: what the bot says is text. */
const headers = {
  'content-security-policy': "default-src 'self'",
  'x-content-type-options': 'nosniff',
};

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
    if (files.includes(path.slice(1))) return send(response, path.slice(1));
    if (path === '/chat/events') return follow(api, response);
    const [, file] = /^\/chat\/file\/([\w-]+)$/.exec(path) ?? [];
    if (file !== undefined) return giveFile(api, file, response);
    if (request.method !== 'POST') return false;
    if (path === '/chat/do') return act(api, request, response);
    return path === '/chat/send-files' && sendFiles(api, request, response);
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
    const messages = world.of(chat).map(bubble);
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

const bubble = ({ message_id, from, text, entities, keyboard, file, mediaGroup }: ChatMessage) => ({
  id: message_id,
  isOwn: from !== null,
  text,
  entities,
  album: mediaGroup ?? null,
  buttons: keyboard?.flat().map((button) => button.text) ?? [],
  file: file
    ? {
        ...{ id: file.file_id, kind: file.kind, name: file.file_name, size: file.bytes.length },
        ...{ width: file.width, height: file.height },
      }
    : null,
});

/** Another page in the same browser must not speak for the person. */
const isOwnPage = ({ headers: { origin, host } }: IncomingMessage) => origin === `http://${host}`;

function end(response: ServerResponse, status: number, why?: string): true {
  response.writeHead(status, { 'content-type': 'text/plain' }).end(why);
  return true;
}

async function act(api: BotApi, request: IncomingMessage, response: ServerResponse): Promise<true> {
  if (!isOwnPage(request)) return end(response, 403);
  const parsed = deed.safeParse(parse((await readBody(request)).toString()));
  if (!parsed.success) return end(response, 400);
  const person = api.person(you(parsed.data.language));
  if (parsed.data.do === 'say') person.say(parsed.data.text);
  else if (parsed.data.do === 'stop') person.stopDraft();
  else {
    const message = api.world.find(person.who.id, parsed.data.message);
    if (!message) return end(response, 404);
    person.press(message, parsed.data.label);
  }
  return end(response, 204);
}

async function sendFiles(api: BotApi, request: IncomingMessage, response: ServerResponse): Promise<true> {
  if (!isOwnPage(request)) return end(response, 403);
  try {
    const { language, caption, files } = await readFiles(request);
    sayFiles(api.person(you(language === 'ko' ? 'ko' : 'en')), caption, files);
    return end(response, 204);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return end(response, error.code, error.message);
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
