import { randomUUID } from 'node:crypto';
import {
  AwsError,
  type AwsService,
  type CloudContext,
  type HttpReply,
  type HttpRequest,
} from '../service.ts';
import { readApi } from './api.ts';
import { createAuthentication } from './authentication.ts';
import { createDataSources } from './data-sources/data-sources.ts';
import { createExecutor, type Outcome } from './execution.ts';
import type { Json, JsonObject } from './json.ts';
import { readOperation } from './operation.ts';
import { createRealtime } from './realtime.ts';
import { buildApiSchema } from './schema.ts';
import { createSubscriptions } from './subscriptions.ts';

/** AppSync's quota for one request. */
const MAX_BODY_BYTES = 1024 * 1024;
const GRAPHQL_PATH = '/graphql';
const REALTIME_PATH = '/graphql/realtime';

/**
 * AppSync's data plane for the assembly's GraphQL API: HTTP at `/graphql`, subscriptions at `/graphql/realtime`.
 * Throws, naming the resource, for what this cloud does not serve. Without an API it accepts no request.
 */
export function createAppSync(context: CloudContext): AwsService {
  const api = readApi(context.assembly);
  if (!api) return { name: 'appsync', accepts: () => false, handle: notFound, close: async () => {} };
  const schema = buildApiSchema(api.schema);
  const authenticate = createAuthentication(api, context);
  const executor = createExecutor(api, schema, context, createDataSources(api, context));
  const subscriptions = createSubscriptions(schema, executor);
  const realtime = createRealtime({ api, schema, context, authenticate, subscriptions });

  return {
    name: 'appsync',
    accepts: ({ url }) => url.pathname === GRAPHQL_PATH,
    async handle(request) {
      try {
        return await answer(request);
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        const body = { errors: [{ errorType: error.code, message: error.message }] };
        return reply(error.status, body, { 'x-amzn-errortype': error.code });
      }
    },
    upgrade(request, socket, head) {
      if (new URL(request.url ?? '/', context.endpoint).pathname !== REALTIME_PATH) return false;
      realtime.upgrade(request, socket, head);
      return true;
    },
    close: () => realtime.close(),
  };

  async function answer({ method, rawPath, headers, body }: HttpRequest): Promise<HttpReply> {
    if (method !== 'POST')
      throw new AwsError('BadRequestException', 'GraphQL requests are POST requests', 400);
    if (body.byteLength > MAX_BODY_BYTES)
      throw new AwsError('RequestEntityTooLargeException', 'Request too large', 413);
    const caller = await authenticate({ path: rawPath, headers, body });
    if (!api) throw new AwsError('NotFoundException', 'There is no API', 404);
    const read = readOperation(api, schema, parseBody(body));
    if ('errors' in read) return reply(200, { data: null, errors: read.errors });
    if (read.operation.type === 'subscription') {
      throw new AwsError('UnsupportedOperation', 'Subscriptions are served at the realtime endpoint', 400);
    }
    const flat = Object.fromEntries(
      Object.entries(headers).flatMap(([name, value]) =>
        value === undefined ? [] : [[name, String(value)]],
      ),
    );
    const request = { operation: read.operation, caller, headers: flat };
    const outcome = await executor.run(request);
    if (read.operation.type === 'mutation') await subscriptions.publish(request, outcome);
    return reply(200, toBody(outcome), Object.fromEntries(outcome.responseHeaders));
  }
}

function toBody({ data, errors }: Outcome): JsonObject {
  return errors.length > 0 ? { data, errors: [...errors] } : { data };
}

function parseBody(body: Buffer): Json {
  try {
    return JSON.parse(body.toString('utf8')) as Json;
  } catch {
    throw new AwsError('MalformedHttpRequestException', 'Request body is not valid JSON.', 400);
  }
}

function reply(status: number, body: JsonObject, headers: Record<string, string> = {}): HttpReply {
  return {
    status,
    headers: {
      ...headers,
      'content-type': 'application/json;charset=UTF-8',
      'x-amzn-requestid': randomUUID(),
    },
    body: JSON.stringify(body),
  };
}

function notFound(): Promise<HttpReply> {
  throw new AwsError('NotFoundException', 'There is no GraphQL API', 404);
}
