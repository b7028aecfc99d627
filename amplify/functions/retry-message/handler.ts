import * as z from 'zod';
import { lambdaFileFetcher } from '../../adapters/lambda-file-fetcher.ts';
import { retryMessage } from '../../core/use-cases/retry-message.ts';
import { parseEnvironment, retryEnvironment } from '../environment.ts';
import { answering } from '../fault.ts';
import { log } from '../log.ts';
import { messagePorts } from '../ports.ts';
import { aboutUserEvent, readUserEvent } from '../user-event.ts';

const environment = parseEnvironment(retryEnvironment, process.env);
const ports = {
  ...messagePorts(environment),
  fetcher: lambdaFileFetcher(environment.RECEIVE_FUNCTION),
};
const shape = z.object({ conversationId: z.string(), id: z.string(), attempt: z.number().int() });

export const handler = answering(log, aboutUserEvent, (event: unknown) =>
  retryMessage(ports, readUserEvent(event, shape)),
);
