import {
  AwsError,
  type AwsService,
  type CloudContext,
  type HttpReply,
  type HttpRequest,
  type InvokeResult,
} from '../service.ts';
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
const asyncAttempts = 3;

/** Runs the bundled handlers of the assembly. `retryMs`: pause before an asynchronous invocation is tried again. */
export function createLambda(context: CloudContext, options: { retryMs?: number } = {}): Lambda {
  const pool = new Pool(context);
  const invoke = (functionArn: string, event: unknown) => pool.invoke(functionArn, event);
  const urls = createFunctionUrls(context, invoke);

  async function invokeLater(functionArn: string, event: unknown): Promise<void> {
    for (let attempt = 1; attempt <= asyncAttempts; attempt += 1) {
      const { functionError } = await invoke(functionArn, event);
      if (!functionError) return;
      await new Promise((resolve) => setTimeout(resolve, (options.retryMs ?? 60_000) * attempt).unref());
    }
    context.log({ service: 'lambda', event: 'dropped', function: functionArn });
  }

  async function handleInvoke(request: HttpRequest, name: string): Promise<HttpReply> {
    const principal = await context.iam.authenticate(request, 'lambda');
    const { arn } = findFunction(context.assembly, name);
    context.iam.authorize(principal, 'lambda:InvokeFunction', arn);
    const type = request.headers['x-amz-invocation-type'] ?? 'RequestResponse';
    let event: unknown;
    try {
      event = JSON.parse(request.body.toString() || '{}');
    } catch {
      throw new AwsError('InvalidRequestContentException', 'Could not parse request body into json');
    }
    switch (type) {
      case 'DryRun':
        return { status: 204 };
      case 'Event':
        invokeLater(arn, event).catch((error: unknown) =>
          context.log({ service: 'lambda', event: 'failed', function: arn, error: String(error) }),
        );
        return { status: 202 };
      case 'RequestResponse': {
        const result = await invoke(arn, event);
        return {
          status: 200,
          headers: {
            'content-type': 'application/json',
            'x-amz-executed-version': '$LATEST',
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
    async handle(request) {
      const name = invokePath.exec(request.rawPath)?.[1];
      return name === undefined ? urls.handle(request) : handleInvoke(request, decodeURIComponent(name));
    },
    invoke,
    pids: (functionArn) => pool.pids(functionArn),
    close: () => pool.close(),
  };
}
