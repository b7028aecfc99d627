import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

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
  plugins: [react()],
  build: { target: 'es2023', sourcemap: true },
  server: { host: '127.0.0.1' },
  test: {
    projects: [
      {
        extends: true,
        test: { name: 'unit', include: ['**/*.test.{ts,tsx}'], exclude: [...everywhere, slow] },
      },
      {
        extends: true,
        test: {
          name: 'slow',
          include: [slow],
          exclude: everywhere,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
