import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CloudContext, InvokeResult, Resource } from '../service.ts';

/** Attempts and destinations of a function's asynchronous invocations. */
export interface AsyncConfiguration {
  readonly attempts: number;
  readonly onSuccess: string | undefined;
  readonly onFailure: string | undefined;
  readonly deadLetter: string | undefined;
}

/** Reads EventInvokeConfig and DeadLetterConfig. Throws for a destination that is not served. */
export function asyncConfigurationOf(context: CloudContext, fn: Resource): AsyncConfiguration {
  const config = context.assembly
    .byType('AWS::Lambda::EventInvokeConfig')
    .find(({ properties }) => [fn.physicalId, fn.arn].includes(properties.FunctionName))?.properties;
  const destination = (arn: string | undefined) => {
    if (arn === undefined || /^arn:aws:(lambda|sqs|sns|events):/.test(arn)) return arn;
    throw new Error(`The local cloud does not know the destination ${arn} of ${fn.logicalId}`);
  };
  return {
    attempts: 1 + Number(config?.MaximumRetryAttempts ?? 2),
    onSuccess: destination(config?.DestinationConfig?.OnSuccess?.Destination),
    onFailure: destination(config?.DestinationConfig?.OnFailure?.Destination),
    deadLetter: destination(fn.properties.DeadLetterConfig?.TargetArn),
  };
}

export interface AsyncInput {
  readonly context: CloudContext;
  readonly fn: Resource & { readonly arn: string };
  readonly event: unknown;
  readonly requestId: string;
  readonly invoke: (functionArn: string, event: unknown) => Promise<InvokeResult>;
  /** Waits before the next attempt; `attempt` counts from 1. */
  readonly pause: (attempt: number) => Promise<void>;
}

/**
 * An asynchronous invocation: tried again after a function error, then sent to where the function's configuration
 * says. Queues and topics are not served; what would go to one is kept in `dead-letters.jsonl`.
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
 */
export async function invokeAsynchronously(input: AsyncInput): Promise<void> {
  const { context, fn, event, requestId, invoke } = input;
  const { attempts, onSuccess, onFailure, deadLetter } = asyncConfigurationOf(context, fn);
  let result: InvokeResult = { payload: null };
  let attempt = 0;
  do {
    if (attempt > 0) await input.pause(attempt);
    attempt += 1;
    result = await invoke(fn.arn, event);
  } while (result.functionError !== undefined && attempt < attempts);
  const failed = result.functionError !== undefined;
  const record = {
    version: '1.0',
    timestamp: context.now().toISOString(),
    requestContext: {
      requestId,
      functionArn: `${fn.arn}:$LATEST`,
      condition: failed ? 'RetriesExhausted' : 'Success',
      approximateInvokeCount: attempt,
    },
    requestPayload: event,
    responseContext: {
      statusCode: 200,
      executedVersion: '$LATEST',
      ...(failed ? { functionError: result.functionError } : {}),
    },
    responsePayload: result.payload,
  };
  const destination = failed ? onFailure : onSuccess;
  if (destination !== undefined) await deliver(destination, record, input);
  if (failed && deadLetter !== undefined) await deliver(deadLetter, event, input);
  if (failed) {
    context.log({
      service: 'lambda',
      event: 'asynchronous.failed',
      function: fn.physicalId,
      requestId,
      attempts: attempt,
    });
  }
}

async function deliver(
  destination: string,
  payload: unknown,
  { context, invoke, fn }: AsyncInput,
): Promise<void> {
  if (destination.startsWith('arn:aws:lambda:')) {
    await invoke(destination, payload);
  } else if (destination.startsWith('arn:aws:events:')) {
    context.emit({
      source: 'lambda',
      detailType: `Lambda Function Invocation Result - ${(payload as { requestContext: { condition: string } }).requestContext.condition}`,
      resources: [destination, fn.arn],
      detail: payload,
    });
  } else {
    const line = JSON.stringify({ destination, payload });
    appendFileSync(join(context.dataDirectory, 'dead-letters.jsonl'), `${line}\n`, { mode: 0o600 });
    context.log({ service: 'lambda', event: 'dead-letter', function: fn.physicalId, destination });
  }
}
