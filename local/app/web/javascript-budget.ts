import { gzipSync } from 'node:zlib';
import type { Plugin } from 'vite';

/** What a visit may fetch: the scripts of these modules and all that they import at once. */
interface Budget {
  /** What people get for it. */
  name: string;
  /** Ends of the paths of modules. */
  modules: readonly string[];
  /** Kilobytes (1000 bytes) after gzip. */
  limit: number;
}

/** What we need to know of a chunk that was built. */
export interface Chunk {
  fileName: string;
  code: string;
  /** Chunks that are fetched together with it. */
  imports: readonly string[];
  /** Paths of the modules in it. */
  moduleIds: readonly string[];
}

/** The chunks that are fetched for these modules. Throws when a module is in none: its budget would hold for nothing. */
function fetchedFor(modules: readonly string[], chunks: ReadonlyMap<string, Chunk>): Set<Chunk> {
  const fetched = new Set<Chunk>();
  const add = (chunk: Chunk | undefined) => {
    if (!chunk || fetched.has(chunk)) return;
    fetched.add(chunk);
    for (const name of chunk.imports) add(chunks.get(name));
  };
  for (const module of modules) {
    const holder = [...chunks.values()].find((chunk) => chunk.moduleIds.some((id) => id.endsWith(module)));
    if (!holder) throw new Error(`The JavaScript budget names ${module}, which no chunk holds.`);
    add(holder);
  }
  return fetched;
}

/** What each budget costs, in kilobytes after gzip, as lines for people; throws with them when one is exceeded. */
export function checkBudgets(budgets: readonly Budget[], built: readonly Chunk[]): string[] {
  const chunks = new Map(built.map((chunk) => [chunk.fileName, chunk]));
  const lines: string[] = [];
  let exceeded = false;
  for (const { name, modules, limit } of budgets) {
    const bytes = [...fetchedFor(modules, chunks)].reduce(
      (sum, { code }) => sum + gzipSync(code).byteLength,
      0,
    );
    const size = bytes / 1000;
    exceeded ||= size > limit;
    lines.push(`${name}: ${size.toFixed(1)} kB of JavaScript after gzip, ${limit} kB allowed`);
  }
  if (exceeded) throw new Error(`Too much JavaScript.\n${lines.join('\n')}`);
  return lines;
}

/** A Vite plugin: the build fails when a visit would fetch more than its budget. */
export function javascriptBudget(budgets: readonly Budget[]): Plugin {
  return {
    name: 'javascript-budget',
    apply: 'build',
    generateBundle: {
      order: 'post',
      handler(_, bundle) {
        const chunks = Object.values(bundle).filter((file) => file.type === 'chunk');
        for (const line of checkBudgets(budgets, chunks)) this.info(line);
      },
    },
  };
}
