import { AppError } from '../../core/error.ts';
import { sweep } from '../../core/use-cases/sweep.ts';
import { parseEnvironment, wakeEnvironment } from '../environment.ts';
import { answering } from '../fault.ts';
import { log } from '../log.ts';
import { wakePorts } from '../ports.ts';

const ports = wakePorts(parseEnvironment(wakeEnvironment, process.env));

export const handler = answering(
  log,
  () => ({}),
  async (_event: unknown): Promise<void> => {
    const { failures } = await sweep(ports);
    // The run went on past them; the error count is what an alarm sees.
    if (failures > 0) throw new AppError('internal', { detail: `${failures} failed` });
  },
);
