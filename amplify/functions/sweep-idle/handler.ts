import { dynamoDeliveries } from '../../adapters/dynamo-deliveries.ts';
import { dynamoDocument } from '../../adapters/dynamo-document.ts';
import { dynamoErasures } from '../../adapters/dynamo-erasures.ts';
import { dynamoOwnerErasures } from '../../adapters/dynamo-owner-erasures.ts';
import { lambdaEraser } from '../../adapters/lambda-eraser.ts';
import { lambdaFileFetcher } from '../../adapters/lambda-file-fetcher.ts';
import { AppError } from '../../core/error.ts';
import { sweep } from '../../core/use-cases/sweep.ts';
import { parseEnvironment, sweepEnvironment } from '../environment.ts';
import { answering } from '../fault.ts';
import { log } from '../log.ts';
import { wakePorts } from '../ports.ts';

const environment = parseEnvironment(sweepEnvironment, process.env);
const document = dynamoDocument();
const ports = {
  ...wakePorts(environment, document),
  longestMs: environment.LONGEST_SESSION_SECONDS * 1000,
  fetcher: lambdaFileFetcher(environment.RECEIVE_FUNCTION),
  outbox: dynamoDeliveries(document, environment.DELIVERY_TABLE),
  erasures: dynamoErasures(document, environment.CONVERSATION_TABLE),
  marks: dynamoOwnerErasures(document, environment.SETTINGS_TABLE),
  eraser: lambdaEraser(environment.ERASE_FUNCTION),
};

export const handler = answering(
  log,
  () => ({}),
  async (_event: unknown): Promise<void> => {
    const { failures } = await sweep(ports);
    // The run went on past them; the error count is what an alarm sees.
    if (failures > 0) throw new AppError('internal', { detail: `${failures} failed` });
  },
);
