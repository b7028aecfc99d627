import * as z from 'zod';
import type { AgentView } from '../../core/agent.ts';
import { viewOf } from '../../core/agent-view.ts';
import { wakeHints } from '../../core/lease.ts';
import { wakeAhead } from '../../core/use-cases/wake-ahead.ts';
import { parseEnvironment, wakeEnvironment } from '../environment.ts';
import { answering } from '../fault.ts';
import { log } from '../log.ts';
import { wakePorts } from '../ports.ts';
import { aboutUserEvent, readUserEvent } from '../user-event.ts';

const ports = wakePorts(parseEnvironment(wakeEnvironment, process.env));
const shape = z.object({ hint: z.enum(Object.keys(wakeHints) as (keyof typeof wakeHints)[]) });

export const handler = answering(
  log,
  aboutUserEvent,
  async (event: unknown): Promise<AgentView> => viewOf(await wakeAhead(ports, readUserEvent(event, shape))),
);
