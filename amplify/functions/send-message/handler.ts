import * as z from 'zod';
import { s3Files } from '../../adapters/s3-files.ts';
import { acceptMessage } from '../../core/use-cases/accept-message.ts';
import { parseEnvironment, sendMessageEnvironment } from '../environment.ts';
import { answering } from '../fault.ts';
import { log } from '../log.ts';
import { messagePorts } from '../ports.ts';
import { aboutUserEvent, readUserEvent } from '../user-event.ts';

const environment = parseEnvironment(sendMessageEnvironment, process.env);
const ports = { ...messagePorts(environment), files: s3Files(environment.BUCKET) };
const shape = z.object({
  conversationId: z.string(),
  id: z.string(),
  text: z.string(),
  attachments: z.unknown().optional(),
});

export const handler = answering(log, aboutUserEvent, (event: unknown) =>
  acceptMessage(ports, readUserEvent(event, shape)),
);
