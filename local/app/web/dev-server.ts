import { createServer } from 'vite';
import type { Route } from './web-server.ts';

export interface DevServer {
  readonly route: Route;
  close(): Promise<void>;
}

/** Vite's development server behind our own: the web app from its sources, modules replaced as they change. */
export async function startDevServer(root: string): Promise<DevServer> {
  const vite = await createServer({
    root,
    appType: 'spa',
    logLevel: 'warn',
    // Web sockets of its own, on a free port: our server has none.
    server: { middlewareMode: true, ws: { host: '127.0.0.1', port: 0 } },
  });
  return {
    route: (_path, request, response) =>
      new Promise((resolve, reject) => {
        response.once('close', () => resolve('taken'));
        vite.middlewares(request, response, (error: unknown) => {
          if (error) reject(error);
          else resolve(undefined);
        });
      }),
    close: () => vite.close(),
  };
}
