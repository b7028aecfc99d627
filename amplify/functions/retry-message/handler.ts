import * as z from 'zod';
import { retryMessage } from '../../core/use-cases/retry-message.ts';
import { messageEnvironment, parseEnvironment } from '../environment.ts';
import { answering } from '../fault.ts';
import { log } from '../log.ts';
import { messagePorts } from '../ports.ts';
import { aboutUserEvent, readUserEvent } from '../user-event.ts';

const ports = messagePorts(parseEnvironment(messageEnvironment, process.env));
const shape = z.object({ conversationId: z.string(), id: z.string(), attempt: z.number().int() });

export const handler = answering(log, aboutUserEvent, (event: unknown) =>
  retryMessage(ports, readUserEvent(event, shape)),
);
