import { Fault } from './bootstrap/fault.mjs';
import { portHolder } from './port-holder.ts';

const isTaken = (error: unknown) => (error as NodeJS.ErrnoException).code === 'EADDRINUSE';

/** Listens by `listen(port)`; a port that is taken becomes a Fault that says by whom, and how to choose another. */
export async function listenOn<T>(port: number, listen: (port: number) => Promise<T>): Promise<T> {
  try {
    return await listen(port);
  } catch (error) {
    if (!isTaken(error)) throw error;
    throw new Fault(
      `Port ${port} is taken by ${portHolder(port) ?? 'another program'}.`,
      `Choose another: npm start -- --port ${port + 10}, or PORT=${port + 10} npm start.`,
    );
  }
}

/** Listens on the first free port of `wanted` and the nine after it, else on any. 0 is any at once. */
export async function listenNear<T>(wanted: number, listen: (port: number) => Promise<T>): Promise<T> {
  const last = Math.min(wanted + 9, 65_535);
  for (let port = wanted; port > 0 && port <= last; port += 1) {
    try {
      return await listen(port);
    } catch (error) {
      if (!isTaken(error)) throw error;
    }
  }
  return listen(0);
}
