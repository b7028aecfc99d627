import type { FaultPorts, Hit } from './fault-ports.ts';

/**
 * The owner's next task events come late: each waits its own time, so that they overtake each other, and some come
 * twice. `events`: how many. Stands until so many have been told.
 */
export function mixEvents(
  { stack, tasks, over, later }: FaultPorts,
  { events, waits }: { events: number; waits: readonly (readonly number[])[] },
): Hit {
  let held = 0;
  let copies = 0;
  const off = stack.onTaskEvent((taskArn) => {
    if (!tasks.has(taskArn)) return undefined;
    const given = waits[held % waits.length] ?? [0];
    held += 1;
    copies += given.length;
    if (held === events) off();
    // The run is not over before the last copy has come.
    later(Math.max(...given), async () => {});
    return given;
  });
  over.addEventListener('abort', off, { once: true });
  return () => (held === 0 ? undefined : `${held} events, ${copies} copies`);
}
