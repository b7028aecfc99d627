// The directions of imports: docs/architecture.md says why. `npm run lint` checks them.

/**
 * Files in `folders` may import only what `allowed` matches, by path from the root.
 * @param {string} name @param {string} comment @param {string} from @param {string[]} allowed @param {object} [more]
 */
const only = (name, comment, from, allowed, more = {}) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from, pathNot: tests },
  to: { pathNot: allowed, ...more },
});

/** Tests and what only they use. */
const tests = '(\\.test\\.tsx?|-harness\\.tsx?|-fixture\\.tsx?|-under-test\\.tsx?)$|/contracts/';

const builtins =
  '^node:|^(assert|async_hooks|buffer|child_process|crypto|dns|events|fs|http|https|module|net|os|path|perf_hooks|process|readline|sqlite|stream|string_decoder|timers|tls|tty|url|util|v8|vm|worker_threads|zlib)(/|$)';
const packages = '(^|/)node_modules/';

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'Two files that need each other are one thing, or hide a third.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'nothing-unresolvable',
      comment: 'An import that leads nowhere.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '^virtual:' },
    },
    {
      name: 'listed-packages-only',
      comment: 'A package must stand in package.json.',
      severity: 'error',
      from: { pathNot: '^container/' },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'], pathNot: '^node_modules/(aws-lambda|@types)/' },
    },
    only(
      'core-is-pure',
      'The domain imports zod, uuid and croner, nothing of the world around it.',
      '^amplify/core/',
      ['^amplify/core/', '(^|/)node_modules/(zod|uuid|croner)/'],
    ),
    only('adapters-see-core', 'An adapter is one port on one technology.', '^amplify/adapters/', [
      '^amplify/(core|adapters)/',
      packages,
      builtins,
    ]),
    only(
      'functions-see-core-and-adapters',
      'A handler parses, calls a use case, maps the error.',
      '^amplify/functions/',
      ['^amplify/(core|adapters|functions)/', packages, builtins],
    ),
    only(
      'amplify-stays-home',
      'What is deployed knows neither the web app nor the local cloud.',
      '^amplify/',
      ['^amplify/', '^container/(stage-context|dockerfile|capabilities)\\.ts$', packages, builtins],
    ),
    only('container-sees-core-and-adapters', 'The bridge runs in the task, alone.', '^container/', [
      '^container/',
      '^amplify/(core|adapters)/',
      packages,
      builtins,
    ]),
    only('web-sees-core', 'The web app is one client of the wire contract.', '^src/', [
      '^src/',
      '^amplify/core/',
      '^amplify/data/resource\\.ts$',
      packages,
    ]),
    {
      name: 'web-takes-types-of-the-schema',
      comment: 'The schema drags the backend along: for the browser it is types.',
      severity: 'error',
      from: { path: '^src/', pathNot: tests },
      to: { path: '^amplify/data/', dependencyTypesNot: ['type-only'] },
    },
    only('local-cloud-knows-no-product', 'The local cloud serves any Amplify Gen 2 app.', '^local/cloud/', [
      '^local/cloud/',
      packages,
      builtins,
    ]),
    {
      name: 'local-cloud-knows-no-product-in-tests',
      comment: 'Its tests use its own fixture app.',
      severity: 'error',
      from: { path: '^local/cloud/' },
      to: { path: '^(amplify|src|container|local/app|e2e)/' },
    },
    only('local-app-sees-cloud-and-core', 'The start command composes.', '^local/app/', [
      '^local/(app|cloud)/',
      '^amplify/core/',
      '^amplify/adapters/(telegram|web-push)/',
      '^container/prepare-image\\.ts$',
      packages,
      builtins,
    ]),
    only(
      'operator-sees-core',
      'What an operator does on AWS: real SDK clients, the settings, and how the start command tells faults.',
      '^local/operator/',
      [
        '^local/operator/',
        '^local/app/bootstrap/',
        '^amplify/core/',
        '^amplify/adapters/(telegram|web-push)/',
        '^amplify/configuration\\.ts$',
        packages,
        builtins,
      ],
    ),
    {
      name: 'products-know-nothing-local',
      comment: 'The deployed app runs the same code: no local branch in it.',
      severity: 'error',
      from: { path: '^(amplify|container|src)/', pathNot: tests },
      to: { path: '^(local|e2e)/' },
    },
    {
      name: 'no-test-in-code',
      comment: 'Code must not need a test.',
      severity: 'error',
      from: { pathNot: tests },
      to: { path: '\\.test\\.tsx?$' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(\\.local|\\.amplify|dist)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'require', 'node', 'default'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.cjs', '.json'],
    },
  },
};
