import * as z from 'zod';
import { AppError } from '../../core/error.ts';
import { taskEvent, taskIdOf } from '../../core/task-event.ts';
import { taskChanged } from '../../core/use-cases/task-changed.ts';
import { parseEnvironment, wakeEnvironment } from '../environment.ts';
import { answering } from '../fault.ts';
import { log } from '../log.ts';
import { wakePorts } from '../ports.ts';

const ports = wakePorts(parseEnvironment(wakeEnvironment, process.env));
/** As EventBridge delivers it. */
const delivery = z.object({ detail: taskEvent });

const about = (event: unknown) => {
  const parsed = delivery.safeParse(event);
  return parsed.success ? { taskId: taskIdOf(parsed.data.detail.taskArn) } : {};
};

export const handler = answering(log, about, async (event: unknown): Promise<void> => {
  const parsed = delivery.safeParse(event);
  if (!parsed.success)
    throw new AppError('event.malformed', { detail: parsed.error.issues[0]?.path.join('.') ?? '' });
  await taskChanged(ports, parsed.data.detail);
});
