import { type MessageKey, parsePendingKey } from '../message-row.ts';
import type { TaskSessionStore } from '../ports.ts';
import { phaseOf, type TaskEvent, taskIdOf } from '../task-event.ts';
import { type DeliverPorts, deliver } from './deliver.ts';

/**
 * Shows people of channels that a task is on its way, before it can say so itself. The lease row may say it a moment
 * later (another function writes it at the same time), so the event's own phase counts.
 */
export async function showTaskEvent(
  ports: DeliverPorts & { sessions: Pick<TaskSessionStore, 'get'> },
  event: TaskEvent,
): Promise<void> {
  const phase = phaseOf(event.lastStatus);
  const session = phase && (await ports.sessions.get(taskIdOf(event.taskArn)));
  const lease = session && (await ports.leases.get(session.owner));
  if (!lease || lease.epoch !== session.epoch) return;
  const keys = lease.pending.map(parsePendingKey).filter((key): key is MessageKey => key !== null);
  for (const key of keys) await deliver(ports, { owner: session.owner, ...key }, phase);
}
