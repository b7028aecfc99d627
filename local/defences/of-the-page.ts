import type { Defence } from './defence.ts';

/** Of the page, and of what everything is built of. */
export const ofThePage: readonly Defence[] = [
  {
    name: 'links in answers lead to the web',
    file: 'src/chat/markdown-elements.tsx',
    from: '/^(https?:\\/\\/|mailto:)/i.test(value)',
    to: '/:/.test(value)',
    test: { file: 'src/shell/app.test.tsx', title: 'cannot run anything here' },
  },
  {
    name: 'scripts come from the page itself',
    file: 'customHttp.yml',
    from: "script-src 'self';",
    to: "script-src 'self' 'unsafe-inline';",
    test: {
      file: 'local/app/web/web.test.ts',
      title: 'lets scripts come from itself alone and connect to itself and the local cloud alone',
    },
  },
  {
    name: 'packages are pinned',
    file: 'container/package.json',
    from: '"openclaw": "',
    to: '"openclaw": "^',
    test: { file: 'local/app/supply-chain.test.ts', title: 'is one exact version of each package' },
  },
];
