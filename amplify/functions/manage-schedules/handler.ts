import * as z from 'zod';
import { dynamoConversations } from '../../adapters/dynamo-conversations.ts';
import { dynamoDocument } from '../../adapters/dynamo-document.ts';
import { dynamoSchedules } from '../../adapters/dynamo-schedules.ts';
import { AppError } from '../../core/error.ts';
import { listSchedules, saveSchedule } from '../../core/schedule/own-schedules.ts';
import type { ScheduleView } from '../../core/schedule/schedule-view.ts';
import { announce } from '../../core/use-cases/announce.ts';
import { manageSchedulesEnvironment, parseEnvironment } from '../environment.ts';
import { answering } from '../fault.ts';
import { log, ownerHash } from '../log.ts';
import { publisherOf } from '../ports.ts';
import { aboutUserEvent, readUserEvent } from '../user-event.ts';

const environment = parseEnvironment(manageSchedulesEnvironment, process.env);
const document = dynamoDocument();
const ports = {
  schedules: dynamoSchedules(document, environment.SCHEDULE_TABLE),
  conversations: dynamoConversations(document, environment.CONVERSATION_TABLE),
  publisher: publisherOf(environment.GRAPHQL_URL),
  now: Date.now,
  log,
  ownerHash,
};

const field = z.object({ fieldName: z.enum(['schedules', 'saveSchedule', 'removeSchedule']) });
const named = z.object({ id: z.string().min(1).max(100) });
/** AWSJSON. What is in it is looked at by the use case, which says what is wrong with it. */
const given = z.object({ schedule: z.unknown() });

/** The signed-in user's schedules. */
export const handler = answering(
  log,
  aboutUserEvent,
  async (event: unknown): Promise<ScheduleView | readonly ScheduleView[] | boolean> => {
    const parsed = field.safeParse(event);
    if (!parsed.success) throw new AppError('internal', { detail: 'no field of this function' });
    if (parsed.data.fieldName === 'schedules') {
      const { owner } = readUserEvent(event, z.object({}));
      return listSchedules(ports, owner);
    }
    if (parsed.data.fieldName === 'removeSchedule') {
      const { owner, id } = readUserEvent(event, named);
      await ports.schedules.remove(owner, [id]);
      await announce(ports, owner, { kind: 'schedules.changed' });
      return true;
    }
    const { owner, schedule } = readUserEvent(event, given);
    const saved = await saveSchedule(ports, owner, objectOf(schedule));
    await announce(ports, owner, { kind: 'schedules.changed' });
    return saved;
  },
);

function objectOf(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch {
    throw new AppError('schedule.invalid', { detail: 'is no JSON' });
  }
}
