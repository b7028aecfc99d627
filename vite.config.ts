import { existsSync, readFileSync } from 'node:fs';
import react from '@vitejs/plugin-react';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';
import { javascriptBudget } from './local/app/web/javascript-budget.ts';
import { leanZod } from './local/app/web/lean-zod.ts';

/** Puts the file that connects the page to its backend beside it, when a deployment has written one. */
const outputs: Plugin = {
  name: 'amplify-outputs',
  apply: 'build',
  generateBundle() {
    const file = 'amplify_outputs.json';
    if (existsSync(file)) {
      this.emitFile({ type: 'asset', fileName: file, source: readFileSync(file) });
    }
  },
};

/** Kilobytes after gzip. The sign-in form itself (Amplify UI) comes beside the first, parts of a page after the second. */
const budget = javascriptBudget([
  { name: 'Before sign-in', modules: ['src/main.tsx', 'src/i18n/ko.ts'], limit: 90 },
  {
    name: 'A chat that is drawn',
    modules: ['src/main.tsx', 'src/i18n/ko.ts', 'src/shell/connected-workspace.tsx', 'src/chat/markdown.tsx'],
    limit: 200,
  },
]);

const slow = '**/*.slow.test.{ts,tsx}';
const everywhere = [
  'node_modules/**',
  'container/node_modules/**',
  '.local/**',
  '.amplify/**',
  'dist/**',
  'e2e/**',
];

export default defineConfig({
  plugins: [react(), leanZod, outputs, budget],
  build: {
    target: 'es2023',
    sourcemap: true,
    chunkSizeWarningLimit: 1000,
    // The content security policy takes fonts from files alone.
    assetsInlineLimit: (file) => (/\.(woff2?|ttf)$/.test(file) ? false : undefined),
  },
  server: { host: '127.0.0.1' },
  test: {
    globalSetup: 'local/app/test-folder.ts',
    projects: [
      {
        extends: true,
        // Five seconds are not enough where other work keeps the cores busy.
        test: {
          name: 'unit',
          include: ['**/*.test.{ts,tsx}'],
          exclude: [...everywhere, slow],
          testTimeout: 20_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'slow',
          include: [slow],
          exclude: everywhere,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          // Each starts processes of its own: more at a time only wait for each other.
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
          // Real processes on a shared machine: one more try there, none at a desk, where a flake must be seen.
          retry: process.env.CI ? 1 : 0,
        },
      },
    ],
  },
});
