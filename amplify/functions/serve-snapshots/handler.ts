import * as z from 'zod';
import { dynamoDocument } from '../../adapters/dynamo-document.ts';
import { dynamoLeases } from '../../adapters/dynamo-leases.ts';
import { s3SnapshotUrls } from '../../adapters/s3.ts';
import { s3SnapshotImports } from '../../adapters/s3-snapshot-imports.ts';
import { AppError } from '../../core/error.ts';
import { finishImport, importSnapshot } from '../../core/use-cases/import-snapshot.ts';
import { exportSnapshot, listSnapshots, restoreSnapshot } from '../../core/use-cases/own-snapshots.ts';
import { parseEnvironment, snapshotEnvironment } from '../environment.ts';
import { answering } from '../fault.ts';
import { log } from '../log.ts';
import { aboutUserEvent, readUserEvent } from '../user-event.ts';

const environment = parseEnvironment(snapshotEnvironment, process.env);
const ports = {
  leases: dynamoLeases(dynamoDocument(), environment.AGENT_TABLE),
  urls: s3SnapshotUrls(environment.BUCKET),
  imports: s3SnapshotImports(environment.BUCKET),
  now: Date.now,
};
const named = z.object({ id: z.string() });

const fields: Readonly<Record<string, (event: unknown) => Promise<unknown>>> = {
  snapshots: (event) => listSnapshots(ports, readUserEvent(event, z.object({})).owner),
  restoreSnapshot: (event) => {
    const { owner, id } = readUserEvent(event, named);
    return restoreSnapshot(ports, owner, id);
  },
  exportSnapshot: (event) => {
    const { owner, id } = readUserEvent(event, named);
    return exportSnapshot(ports, owner, id);
  },
  importSnapshot: (event) => {
    const { owner, ...file } = readUserEvent(event, z.object({ size: z.number(), sha256: z.string() }));
    return importSnapshot(ports, owner, file);
  },
  finishImport: (event) => {
    const { owner, id } = readUserEvent(event, named);
    return finishImport(ports, owner, id);
  },
};

export const handler = answering(log, aboutUserEvent, async (event: unknown) => {
  const name = z.object({ fieldName: z.string() }).safeParse(event).data?.fieldName ?? '';
  const field = fields[name];
  if (!field) throw new AppError('internal', { detail: `no field ${name}` });
  return field(event);
});
