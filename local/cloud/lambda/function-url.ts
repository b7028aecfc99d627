import { digitsOf } from '../cloudformation/identity.ts';
import {
  AwsError,
  type CloudContext,
  type HttpReply,
  type HttpRequest,
  type InvokeResult,
} from '../service.ts';
import { corsHeaders, isPreflight } from './function-url-cors.ts';
import { eventOf, replyOf } from './function-url-event.ts';
import { findFunction } from './functions.ts';

const prefix = '/lambda-url/';
const maxBytes = 6 * 1024 * 1024;

export interface FunctionUrls {
  accepts(request: HttpRequest): boolean;
  handle(request: HttpRequest): Promise<HttpReply>;
}

/** Function URLs at `/lambda-url/<id>/…`, where the attribute FunctionUrl of their resource points. */
export function createFunctionUrls(
  context: CloudContext,
  invoke: (functionArn: string, event: unknown) => Promise<InvokeResult>,
): FunctionUrls {
  const urls = new Map(
    context.assembly.byType('AWS::Lambda::Url').map((each) => [digitsOf(each, 32), each.properties]),
  );
  const permissions = context.assembly.byType('AWS::Lambda::Permission');
  for (const { InvokeMode } of urls.values()) {
    if (InvokeMode === 'RESPONSE_STREAM') throw new Error('The local cloud has no function URLs that stream');
  }

  /** A public URL works only where the function's own policy lets everyone in. */
  const isPublic = (functionArn: string) =>
    permissions.some(
      ({ properties }) =>
        properties.Action === 'lambda:InvokeFunctionUrl' &&
        properties.Principal === '*' &&
        (properties.FunctionUrlAuthType ?? 'NONE') === 'NONE' &&
        [functionArn, functionArn.split(':').at(-1)].includes(properties.FunctionName),
    );

  return {
    accepts: (request) => request.rawPath.startsWith(prefix),
    async handle(request) {
      const [id = '', ...rest] = request.rawPath.slice(prefix.length).split('/');
      const url = urls.get(id);
      if (url === undefined)
        throw new AwsError('ResourceNotFoundException', `There is no function URL ${id}`, 404);
      const cors = corsHeaders(url.Cors, request);
      if (isPreflight(request)) return { status: 200, headers: cors };
      if (request.body.length > maxBytes) return { status: 413, headers: cors, body: 'Request Too Long' };
      const { arn } = findFunction(context.assembly, url.TargetFunctionArn);
      const caller =
        url.AuthType === 'AWS_IAM' ? await context.iam.authenticate(request, 'lambda') : undefined;
      if (caller !== undefined) {
        context.iam.authorize(caller, 'lambda:InvokeFunctionUrl', arn, {
          'lambda:FunctionUrlAuthType': 'AWS_IAM',
        });
      } else if (!isPublic(arn)) {
        throw new AwsError('AccessDeniedException', 'Forbidden', 403);
      }
      const event = eventOf(request, { urlId: id, path: `/${rest.join('/')}`, now: context.now(), caller });
      const result = await invoke(arn, event);
      const reply = result.functionError
        ? { status: 502, body: 'Internal Server Error' }
        : replyOf(result.payload);
      return { ...reply, headers: { ...reply.headers, ...cors } };
    },
  };
}
