// What the image leaves out of OpenClaw's packages. As a program (`node prune.ts NODE_MODULES`) it deletes it, in the
// image's build. What is given up with it stands in docs/performance.md.
import { lstatSync, readdirSync, rmdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** Files that only a compiler, a debugger or a reader of the sources opens. */
const unread = /\.(d\.[cm]?ts|map|c|cc|h|markdown|md|flow)$/;
/** Texts that are read after all: licences, OpenClaw's skills, prompts and templates. */
const read =
  /(^|\/)(licen[cs]e|notice|copying|third_party_notices)[^/]*$|^openclaw\/(skills|dist|docs\/reference\/templates)\/.*\.md$/i;

/** Folders and files that no part of a gateway without a screen loads. */
const unused = [
  // The web page of OpenClaw's own gateway: ours stands in front of it.
  'openclaw/dist/control-ui',
  // Workers of OpenClaw's own cloud.
  'openclaw/dist/worker/worker.mjs',
  'openclaw/dist/worker/sqlite-store.worker.mjs',
  'openclaw/custodian-skills',
  'openclaw/patches',
  // Control of a desktop, and of a Chrome with a window.
  '@trycua/cua-driver-[^/]+',
  '@trycua/[^/]+/prebuilds',
  'openclaw/node_modules/chrome-devtools-mcp',
  // Sources and builds beside the ones that are loaded.
  'openai/src',
  '@anthropic-ai/sdk/src',
  '@mistralai/mistralai/src',
  'zod/src',
  '@modelcontextprotocol/sdk/dist/cjs',
  'typescript/lib/[a-z]{2}(-[a-z]{2,4})?',
  'web-tree-sitter/debug',
  // The image's C library is glibc.
  '@koromix/koffi-[^/]+/musl_[^/]+',
];
const unusedPath = new RegExp(`^(${unused.join('|')})(/|$)`);
/** Of OpenClaw's own manual, the templates alone are read by the program. */
const manual = /^openclaw\/docs\/(?!reference(\/templates(\/|$)|$))/;

/** Whether the image keeps a file or folder. `path`: below node_modules, with slashes. */
export function isKept(path: string): boolean {
  if (unusedPath.test(path) || manual.test(path)) return false;
  return !unread.test(path) || read.test(path);
}

/** Deletes what is not kept, and folders that are empty then. Gives how many files and bytes went. */
export function prune(nodeModules: string, below = ''): { files: number; bytes: number } {
  const gone = { files: 0, bytes: 0 };
  for (const entry of readdirSync(join(nodeModules, below), { withFileTypes: true })) {
    const path = below ? `${below}/${entry.name}` : entry.name;
    const place = join(nodeModules, path);
    if (entry.isDirectory()) {
      const inside = prune(nodeModules, path);
      gone.files += inside.files;
      gone.bytes += inside.bytes;
      if (readdirSync(place).length === 0) rmdirSync(place);
    } else if (!isKept(path)) {
      gone.files += 1;
      gone.bytes += lstatSync(place).size;
      rmSync(place);
    }
  }
  return gone;
}

if (import.meta.main) {
  const [nodeModules] = process.argv.slice(2);
  if (!nodeModules) throw new Error('Usage: node prune.ts NODE_MODULES');
  const { files, bytes } = prune(nodeModules);
  if (files === 0) throw new Error(`Nothing was pruned from ${nodeModules}: is it a node_modules folder?`);
  process.stdout.write(`Pruned ${files} files, ${Math.round(bytes / 2 ** 20)} MiB\n`);
}
