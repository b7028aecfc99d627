import { randomUUID } from 'node:crypto';
import {
  AwsError,
  type AwsService,
  type CloudContext,
  type HttpReply,
  type HttpRequest,
  type InvokeResult,
} from '../service.ts';
import { asyncConfigurationOf, invokeAsynchronously } from './asynchronous.ts';
import { createFunctionUrls } from './function-url.ts';
import { findFunction } from './functions.ts';
import { Pool } from './pool.ts';

/** Lambda, and how other services of the cloud call functions. */
export interface Lambda extends AwsService {
  invoke(functionArn: string, event: unknown): Promise<InvokeResult>;
  /** Pids of a function's execution environments. */
  pids(functionArn: string): number[];
}

const invokePath = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/;
const maxSyncBytes = 6 * 1024 * 1024;
const maxAsyncBytes = 1024 * 1024;

/** Runs the bundled handlers of the assembly. `retryMs`: pause before an asynchronous invocation is tried again. */
export function createLambda(context: CloudContext, options: { retryMs?: number } = {}): Lambda {
  const pool = new Pool(context);
  const invoke = (functionArn: string, event: unknown) => pool.invoke(functionArn, event);
  const urls = createFunctionUrls(context, invoke);
  for (const fn of context.assembly.byType('AWS::Lambda::Function')) asyncConfigurationOf(context, fn);

  const closing = new AbortController();
  const pause = (attempt: number) =>
    new Promise<void>((resolve, reject) => {
      const timer = setTimeout(resolve, (options.retryMs ?? 60_000) * attempt);
      timer.unref();
      closing.signal.addEventListener('abort', () => {
        clearTimeout(timer);
        reject(new Error('The local cloud closed before the next attempt'));
      });
    });

  async function handleInvoke(request: HttpRequest, name: string): Promise<HttpReply> {
    const principal = await context.iam.authenticate(request, 'lambda');
    const fn = findFunction(context.assembly, name);
    context.iam.authorize(principal, 'lambda:InvokeFunction', fn.arn);
    const type = request.headers['x-amz-invocation-type'] ?? 'RequestResponse';
    const requestId = randomUUID();
    const headers = { 'x-amzn-requestid': requestId, 'x-amz-executed-version': '$LATEST' };
    if (request.body.length > (type === 'Event' ? maxAsyncBytes : maxSyncBytes)) {
      throw new AwsError(
        'RequestTooLargeException',
        `Request must be smaller than ${maxSyncBytes} bytes`,
        413,
      );
    }
    const event = parseEvent(request.body);
    switch (type) {
      case 'DryRun':
        return { status: 204, headers };
      case 'Event':
        invokeAsynchronously({ context, fn, event, requestId, invoke, pause }).catch((error: unknown) =>
          context.log({
            service: 'lambda',
            event: 'asynchronous.failed',
            function: fn.arn,
            error: String(error),
          }),
        );
        return { status: 202, headers };
      case 'RequestResponse': {
        const result = await pool.invoke(fn.arn, event, requestId);
        return {
          status: 200,
          headers: {
            ...headers,
            'content-type': 'application/json',
            ...(result.functionError ? { 'x-amz-function-error': result.functionError } : {}),
          },
          body: JSON.stringify(result.payload ?? null),
        };
      }
      default:
        throw new AwsError('InvalidParameterValueException', `unknown invocation type ${String(type)}`);
    }
  }

  return {
    name: 'lambda',
    accepts: (request) => invokePath.test(request.rawPath) || urls.accepts(request),
    // A function URL has rules of its own; the API is not for pages.
    ownCors: true,
    async handle(request) {
      const name = invokePath.exec(request.rawPath)?.[1];
      return name === undefined ? urls.handle(request) : handleInvoke(request, decodeURIComponent(name));
    },
    invoke,
    pids: (functionArn) => pool.pids(functionArn),
    close() {
      closing.abort();
      return pool.close();
    },
  };
}

function parseEvent(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString() || '{}');
  } catch {
    throw new AwsError('InvalidRequestContentException', 'Could not parse request body into json');
  }
}
