import { dynamoLinks, dynamoPlaces } from '../../adapters/dynamo-channels.ts';
import { dynamoDeliveries } from '../../adapters/dynamo-deliveries.ts';
import { dynamoDocument } from '../../adapters/dynamo-document.ts';
import { dynamoSchedules } from '../../adapters/dynamo-schedules.ts';
import { AppError } from '../../core/error.ts';
import { runSchedules } from '../../core/schedule/run-schedules.ts';
import { parseEnvironment, runSchedulesEnvironment } from '../environment.ts';
import { answering } from '../fault.ts';
import { log } from '../log.ts';
import { messagePorts } from '../ports.ts';

/** What a run leaves is taken by the next one, milliseconds: the function itself has 30 s. */
const workMs = 20_000;

const environment = parseEnvironment(runSchedulesEnvironment, process.env);
const document = dynamoDocument();
const none = async () => {
  throw new AppError('internal', { detail: 'a schedule has no files' });
};
const ports = {
  ...messagePorts(environment, document),
  schedules: dynamoSchedules(document, environment.SCHEDULE_TABLE),
  places: dynamoPlaces(document, environment.CHANNEL_TABLE),
  links: dynamoLinks(document, environment.CHANNEL_TABLE),
  deliveries: dynamoDeliveries(document, environment.DELIVERY_TABLE),
  files: { find: none, keep: none },
};

/** By the clock, once a minute. */
export const handler = answering(
  log,
  () => ({}),
  async (_event: unknown): Promise<void> => {
    const { failures } = await runSchedules(ports, Date.now() + workMs);
    // The run went on past them; the error count is what an alarm sees.
    if (failures > 0) throw new AppError('internal', { detail: `${failures} failed` });
  },
);
