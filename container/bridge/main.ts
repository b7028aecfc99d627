import { join } from 'node:path';
import { startTask } from './agent-task.ts';
import { agentFields } from './appsync/agent-fields.ts';
import { taskCredentials } from './appsync/credentials.ts';
import { openDoorbell } from './appsync/doorbell.ts';
import { graphqlCaller } from './appsync/graphql.ts';
import { serverClock } from './appsync/server-clock.ts';
import { withCouriers } from './channel/courier.ts';
import { readEnvironment, scrubEnvironment } from './environment.ts';
import { runFileWorker } from './files/file-worker.ts';
import { workspaceFiles } from './files/workspace-files.ts';
import { createLog, describeError } from './log.ts';
import { shippedCode } from './openclaw/compiled-code.ts';
import { openclawEntry } from './openclaw/gateway.ts';
import { detectIsolation } from './openclaw/isolation.ts';
import { prepareFolders } from './openclaw/workspace.ts';
import { createWorker, runWorker } from './snapshot/worker.ts';
import { exitCodes } from './task-limits.ts';
import { toolShellEntry } from './tools/tool-server.ts';
import { realTimers } from './turn/pacer.ts';
import { warmUp } from './warm-up/warm-up.ts';

/** The image's entrypoint: serves one owner until it is quiet, or until SIGTERM. */
async function runBridge(): Promise<number> {
  const environment = readEnvironment(process.env);
  scrubEnvironment(process.env);
  const log = createLog(environment.logLevel, undefined, environment.deployment);
  const entry = openclawEntry();
  const { isolation, obstacle } = await detectIsolation([entry, toolShellEntry()], environment.home);
  log('info', 'bridge.started', { node: process.version, separateUsers: isolation.users !== undefined });
  // Without CAP_DAC_OVERRIDE root, too, enters the workspace as one of its group only.
  if (isolation.users) process.setgroups?.([isolation.users.tools]);
  if (obstacle) log('warn', 'isolation.missing', { obstacle, consequence: 'commands ask for approval' });
  const clock = serverClock();
  const target = {
    url: environment.graphqlUrl,
    region: environment.region,
    credentials: taskCredentials(environment.credentialsUrl, () => clock.now().getTime()),
    clock,
  };
  const code = shippedCode(join(environment.home, 'code'));
  const folders = await prepareFolders(environment.home, isolation, code);
  const task = startTask({
    backend: withCouriers(agentFields(graphqlCaller(target)), { log, timers: realTimers }),
    openDoorbell: (onRing) => openDoorbell(target, onRing, log),
    folders,
    isolation,
    worker: createWorker(import.meta.filename, isolation, folders.cache),
    workspaceFiles: workspaceFiles(import.meta.filename, folders.workspace, isolation),
    openclawEntry: entry,
    keepsCode: code === undefined,
    log,
  });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => task.terminate());
  return exitCodes[await task.ended];
}

const [, , role, ...rest] = process.argv;
try {
  if (role === 'worker') process.exitCode = await runWorker(rest);
  else if (role === 'file') process.exitCode = await runFileWorker(rest);
  else if (role === 'warm-up') await warmUp(import.meta.filename, rest[0] as string, createLog('info'));
  else process.exit(await runBridge());
} catch (error) {
  process.stderr.write(`${describeError(error)}\n`);
  process.exit(1);
}
