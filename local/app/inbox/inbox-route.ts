import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { reply } from '../web/site.ts';
import type { Route } from '../web/web-server.ts';
import type { Inbox, Mail } from './inbox.ts';

const files: Readonly<Record<string, string>> = {
  '/inbox': 'page/inbox.html',
  '/inbox/inbox.css': 'page/inbox.css',
  '/inbox/inbox.js': 'page/inbox.js',
};

/** The inbox page, its mails as JSON, and a stream that tells of new ones (server-sent events). */
export function inboxRoute(
  inbox: Inbox,
  headersOf: (path: string) => Readonly<Record<string, string>>,
): Route {
  return (path, request, response) => {
    const known = request.headers['if-none-match'];
    if (path === '/inbox/mails.json') return reply(path, JSON.stringify(inbox.mails), known);
    if (path === '/inbox/events') {
      response.writeHead(200, { ...headersOf(path), 'content-type': 'text/event-stream' });
      response.write('retry: 1000\n\n');
      const send = (mail: Mail) => response.write(`data: ${JSON.stringify(mail)}\n\n`);
      const stop = inbox.watch(send);
      response.once('close', stop);
      return 'taken';
    }
    const file = files[path];
    return file === undefined ? undefined : reply(file, readFileSync(join(import.meta.dirname, file)), known);
  };
}
