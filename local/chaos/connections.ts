import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** A request as the cloud's HTTP server begins to take it. */
export interface Arriving {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly socket: Socket;
}

/** Every connection that this process's servers hold, found by Node's own diagnostics: nothing of the cloud is changed. */
export interface Connections {
  onRequest(listener: (arriving: Arriving) => void): () => void;
  /** Those that lead to sockets of these processes (Linux). */
  of(pids: readonly number[]): Socket[];
  /** The one of these processes that a connection leads to (Linux). */
  peerOf(socket: Socket, pids: readonly number[]): number | undefined;
  close(): void;
}

export function watchConnections(): Connections {
  const sockets = new Set<Socket>();
  const listeners = new Set<(arriving: Arriving) => void>();
  /** A connection stays with its process: what was found out once holds for all its requests. */
  const peers = new WeakMap<Socket, Map<number, boolean>>();
  const leadsTo = (socket: Socket, pid: number): boolean => {
    const known = peers.get(socket) ?? new Map<number, boolean>();
    peers.set(socket, known);
    const leads = known.get(pid) ?? localPorts([pid]).has(socket.remotePort ?? -1);
    known.set(pid, leads);
    return leads;
  };
  const onSocket = (message: unknown) => {
    const { socket } = message as { socket: Socket };
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  };
  const onRequest = (message: unknown) => {
    for (const listener of [...listeners]) listener(message as Arriving);
  };
  subscribe('net.server.socket', onSocket);
  subscribe('http.server.request.start', onRequest);
  return {
    onRequest: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    of: (pids) => {
      const ports = localPorts(pids);
      return [...sockets].filter((socket) => ports.has(socket.remotePort ?? -1));
    },
    peerOf: (socket, pids) => pids.find((pid) => leadsTo(socket, pid)),
    close: () => {
      unsubscribe('net.server.socket', onSocket);
      unsubscribe('http.server.request.start', onRequest);
    },
  };
}

/** TCP ports at the near end of what the processes have open: /proc/<pid>/fd names inodes, /proc/net/tcp their ports (proc(5)). */
function localPorts(pids: readonly number[]): Set<number> {
  const inodes = new Set(pids.flatMap(socketInodes));
  const ports = new Set<number>();
  for (const line of readFileSync('/proc/net/tcp', 'utf8').split('\n').slice(1)) {
    const fields = line.trim().split(/\s+/);
    if (inodes.has(fields[9] ?? '')) ports.add(Number.parseInt(fields[1]?.split(':')[1] ?? '', 16));
  }
  return ports;
}

function socketInodes(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
      try {
        return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1] ?? [];
      } catch {
        return [];
      }
    });
  } catch {
    // It is gone.
    return [];
  }
}
