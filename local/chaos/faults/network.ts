import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { type FaultPorts, type Hit, hit, target } from './fault-ports.ts';

/** Every connection of the task to the cloud breaks. */
export async function cutSockets(ports: FaultPorts): Promise<Hit> {
  const running = await target(ports, ({ all }) => ports.connections.of(all).length > 0);
  const sockets = running ? ports.connections.of(running.processes.all) : [];
  for (const socket of sockets) socket.destroy();
  return hit(sockets.length === 0 ? undefined : `${sockets.length} connections`);
}

/** The next `answers` to the task's calls are lost on their way: what it asked for is done, and it does not hear so. */
export async function loseReplies(ports: FaultPorts, answers: number): Promise<Hit> {
  const { connections, over } = ports;
  const running = await target(ports, ({ bridge }) => bridge !== undefined);
  if (!running) return hit(undefined);
  let lost = 0;
  const off = connections.onRequest(({ socket, response }) => {
    if (connections.peerOf(socket, running.processes.all) === undefined) return;
    lost += 1;
    if (lost === answers) off();
    loseReply(socket, response);
  });
  over.addEventListener('abort', off, { once: true });
  return () => (lost === 0 ? undefined : `${lost} answers`);
}

function loseReply(socket: Socket, response: ServerResponse): void {
  response.end = () => {
    socket.destroy();
    return response;
  };
}

/**
 * The owner's next transfers of a snapshot break off: `way` says which, `at` whether as they begin or only once storage
 * has done its part. Stands until the end of the run.
 */
export function cutTransfers(
  { connections, over, owner }: FaultPorts,
  { way, at, times }: { way: 'upload' | 'download'; at: 'begin' | 'reply'; times: number },
): Hit {
  const method = way === 'upload' ? 'PUT' : 'GET';
  let cut = 0;
  const off = connections.onRequest(({ request, response, socket }) => {
    if (cut === times || request.method !== method) return;
    if (!request.url?.includes(`/owners/${owner}/snapshots/`)) return;
    cut += 1;
    if (at === 'reply') loseReply(socket, response);
    else if (way === 'upload') request.once('data', () => socket.destroy());
    else socket.destroy();
  });
  over.addEventListener('abort', off, { once: true });
  return () => (cut === 0 ? undefined : `${cut} ${way}s`);
}
