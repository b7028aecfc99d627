import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { openclawEntry } from '../../container/bridge/openclaw/gateway.ts';
import { detectIsolation } from '../../container/bridge/openclaw/isolation.ts';
import { prepareFolders } from '../../container/bridge/openclaw/workspace.ts';
import { snapshotKeeper } from '../../container/bridge/snapshot/keeper.ts';
import { createWorker } from '../../container/bridge/snapshot/worker.ts';
import { stageContext } from '../../container/stage-context.ts';

export interface RestoreFigures {
  /** From the first byte asked for to a workspace that can be used, milliseconds; storage is on this machine. */
  readonly small: readonly number[];
  readonly large: readonly number[];
}

const megabyte = 1024 * 1024;
/** What compression can't make smaller, in files as a workspace has them. */
const large = { files: 50, bytes: megabyte };
const small = { files: 5, bytes: 2048 };

/** Saves a small and a large workspace and brings each back as a task does before it starts OpenClaw, in turns. */
export async function measureRestore(runs: number): Promise<RestoreFigures> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-restore-'));
  chmodSync(folder, 0o755);
  // The bundle, as the image has it.
  const context = join(folder, 'context');
  stageContext(context);
  const files = new Map<string, Buffer>();
  const storage = createServer(async (request, response) => {
    const name = request.url ?? '';
    if (request.method === 'PUT') files.set(name, await buffer(request));
    response.end(files.get(name));
  });
  await new Promise<void>((resolve) => storage.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(storage.address() as AddressInfo).port}`;
  const open = async (name: string) => {
    const home = join(folder, name);
    const { isolation } = await detectIsolation([openclawEntry()], home);
    const folders = await prepareFolders(home, isolation);
    const worker = createWorker(join(context, 'bridge.mjs'), isolation);
    const target = { url: `${origin}/${name}`, headers: {} };
    const backend = { uploadSnapshot: async () => ({ key: name, upload: target }) };
    return {
      folders,
      isolation,
      target,
      keeper: snapshotKeeper({ epoch: 1, folders, worker, backend, log: () => {} }),
    };
  };
  const saved = async (name: string, what: typeof small) => {
    const { folders, isolation, target, keeper } = await open(name);
    for (let n = 0; n < what.files; n += 1) {
      const file = join(folders.workspace, `file-${n}`);
      writeFileSync(file, randomBytes(what.bytes));
      isolation.giveTools(file);
    }
    const pointer = await keeper.save();
    if (!pointer) throw new Error(`${name} was not saved`);
    return async () => {
      const begun = performance.now();
      const { unreadable } = await keeper.restore([{ pointer, download: target }]);
      if (unreadable.length > 0) throw new Error(`${name} could not be restored`);
      return performance.now() - begun;
    };
  };
  try {
    const [restoreSmall, restoreLarge] = [await saved('small', small), await saved('large', large)];
    const figures = { small: [] as number[], large: [] as number[] };
    for (let run = 0; run < runs; run += 1) {
      figures.small.push(await restoreSmall());
      figures.large.push(await restoreLarge());
    }
    return figures;
  } finally {
    storage.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
