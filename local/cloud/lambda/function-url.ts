import { randomUUID } from 'node:crypto';
import {
  AwsError,
  type CloudContext,
  type HttpReply,
  type HttpRequest,
  type InvokeResult,
} from '../service.ts';

const prefix = '/lambda-url/';

/** Function URLs, payload format 2.0, at `/lambda-url/<physical id of the URL resource>/…`. */
export function createFunctionUrls(
  context: CloudContext,
  invoke: (functionArn: string, event: unknown) => Promise<InvokeResult>,
) {
  const urls = context.assembly.byType('AWS::Lambda::Url');
  const permissions = context.assembly.byType('AWS::Lambda::Permission');

  /** A public URL works only where the function's own policy lets everyone in. */
  const isPublic = (functionArn: string) =>
    permissions.some(
      ({ properties }) =>
        properties.Action === 'lambda:InvokeFunctionUrl' &&
        properties.Principal === '*' &&
        [functionArn, functionArn.split(':').pop()].includes(properties.FunctionName),
    );

  return {
    accepts: (request: HttpRequest) => request.rawPath.startsWith(prefix),
    async handle(request: HttpRequest): Promise<HttpReply> {
      const [id = '', ...rest] = request.rawPath.slice(prefix.length).split('/');
      const url = urls.find((each) => each.physicalId === id);
      if (!url) throw new AwsError('ResourceNotFoundException', `no function URL ${id}`, 404);
      const { TargetFunctionArn, AuthType, InvokeMode } = url.properties;
      if (InvokeMode === 'RESPONSE_STREAM') {
        throw new AwsError('NotImplemented', 'The local cloud has no streamed function URLs.', 501);
      }
      if (AuthType === 'AWS_IAM') {
        const principal = await context.iam.authenticate(request, 'lambda');
        context.iam.authorize(principal, 'lambda:InvokeFunctionUrl', TargetFunctionArn, {
          'lambda:FunctionUrlAuthType': 'AWS_IAM',
        });
      } else if (!isPublic(TargetFunctionArn)) {
        throw new AwsError('AccessDeniedException', 'Forbidden', 403);
      }
      const result = await invoke(TargetFunctionArn, payload(request, `/${rest.join('/')}`, context));
      if (result.functionError) return { status: 502, body: 'Internal Server Error' };
      return reply(result.payload);
    },
  };
}

function payload(request: HttpRequest, path: string, context: CloudContext): unknown {
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(',') : value,
    ]),
  );
  const now = context.now();
  const text = /^(text\/|application\/(json|xml|javascript|x-www-form-urlencoded))/.test(
    headers['content-type'] ?? '',
  );
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: path,
    rawQueryString: request.url.search.slice(1),
    headers,
    queryStringParameters: Object.fromEntries(request.url.searchParams),
    requestContext: {
      accountId: 'anonymous',
      apiId: 'local',
      domainName: headers.host,
      http: {
        method: request.method,
        path,
        protocol: 'HTTP/1.1',
        sourceIp: '127.0.0.1',
        userAgent: headers['user-agent'],
      },
      requestId: randomUUID(),
      routeKey: '$default',
      stage: '$default',
      time: now.toISOString(),
      timeEpoch: now.getTime(),
    },
    body: request.body.length ? request.body.toString(text ? 'utf8' : 'base64') : undefined,
    isBase64Encoded: request.body.length > 0 && !text,
  };
}

/** A result with a status is an HTTP answer; anything else is the JSON body of a 200. */
function reply(result: unknown): HttpReply {
  const answer = result as {
    statusCode?: number;
    headers?: Record<string, string>;
    body?: string;
    isBase64Encoded?: boolean;
  } | null;
  if (typeof answer?.statusCode !== 'number') {
    return { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(result) };
  }
  const body = answer.body ?? '';
  return {
    status: answer.statusCode,
    headers: answer.headers ?? {},
    body: answer.isBase64Encoded ? Buffer.from(body, 'base64') : body,
  };
}
