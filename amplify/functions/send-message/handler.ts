import * as z from 'zod';
import { acceptMessage } from '../../core/use-cases/accept-message.ts';
import { messageEnvironment, parseEnvironment } from '../environment.ts';
import { answering } from '../fault.ts';
import { log } from '../log.ts';
import { messagePorts } from '../ports.ts';
import { aboutUserEvent, readUserEvent } from '../user-event.ts';

const ports = messagePorts(parseEnvironment(messageEnvironment, process.env));
const shape = z.object({ conversationId: z.string(), id: z.string(), text: z.string() });

export const handler = answering(log, aboutUserEvent, (event: unknown) =>
  acceptMessage(ports, readUserEvent(event, shape)),
);
