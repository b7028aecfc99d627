import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { build } from 'vite';
import { outputsRoute } from '../../local/app/web/outputs-route.ts';
import { responseHeaders } from '../../local/app/web/response-headers.ts';
import { siteRoute } from '../../local/app/web/site.ts';
import { startWebServer } from '../../local/app/web/web-server.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Builds the app on its memory backend as `npm run build` builds it, and serves it with the headers of a deployment. */
export async function startPageServer(): Promise<{ url: string; close(): Promise<void> }> {
  const outDir = await mkdtemp(join(tmpdir(), 'ui-'));
  await build({
    configFile: false,
    root: join(root, 'e2e/ui/page'),
    publicDir: join(root, 'public'),
    logLevel: 'warn',
    plugins: [react()],
    build: {
      outDir,
      emptyOutDir: true,
      target: 'es2023',
      chunkSizeWarningLimit: 1000,
      assetsInlineLimit: (file) => (/\.(woff2?|ttf)$/.test(file) ? false : undefined),
    },
  });
  const server = await startWebServer({
    port: 0,
    headersOf: responseHeaders(join(root, 'customHttp.yml'), 'http://127.0.0.1:1'),
    onError: (error) => {
      throw error;
    },
    // The page needs none; the service worker keeps it with the page's other files.
    routes: [outputsRoute({}), siteRoute(outDir)],
  });
  return {
    url: server.url,
    async close() {
      await server.close();
      await rm(outDir, { recursive: true, force: true });
    },
  };
}
