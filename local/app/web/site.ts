import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { extname, join, normalize, sep } from 'node:path';
import type { Reply, Route } from './web-server.ts';

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.woff2': 'font/woff2',
};

/** A reply with an ETag of its content; 304 when that is what the browser has. */
export function reply(path: string, body: Uint8Array | string, known: string | undefined): Reply {
  const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
  const type = types[extname(path)] ?? 'application/octet-stream';
  if (known === etag) return { status: 304, type, body: '', headers: { etag } };
  return { status: 200, type, body, headers: { etag } };
}

/**
 * The built web app in a folder. A path without an extension that is no file is a page of the app: it gets
 * index.html, as the rewrite rule of a single-page app on Amplify Hosting does.
 */
export function siteRoute(directory: string): Route {
  return async (path, request) => {
    const isPage = extname(path) === '';
    const file = normalize(join(directory, isPage ? 'index.html' : path));
    if (!file.startsWith(normalize(directory) + sep)) return undefined;
    const stats = await stat(file).catch(() => undefined);
    if (!stats?.isFile()) return undefined;
    return reply(file, await readFile(file), request.headers['if-none-match']);
  };
}
