import type { CloudContext, InvokeResult, Principal } from '../../service.ts';
import { isJsonObject, type Json, toJson } from '../json.ts';
import { ResolverError } from '../resolver-error.ts';

/**
 * Invokes a function with the resolver's payload, as the data source's role. Rejects with `Lambda:Unhandled` or
 * `Lambda:Handled` and the function's own message when it failed.
 */
export async function callLambda(
  context: Pick<CloudContext, 'iam' | 'invoke'>,
  role: Principal,
  functionArn: string,
  request: Json,
): Promise<Json> {
  if (!isJsonObject(request))
    throw new ResolverError('A Lambda request must be an object', 'MappingTemplate');
  const { operation, payload, invocationType } = request;
  if (operation !== 'Invoke') {
    throw new ResolverError(
      `This cloud does not serve the Lambda operation ${String(operation)}`,
      'NotImplemented',
    );
  }
  if (!context.iam.allows(role, 'lambda:InvokeFunction', functionArn)) {
    throw new ResolverError(
      `User: ${role.userArn} is not authorized to perform: lambda:InvokeFunction on resource: ${functionArn}`,
      'Lambda:AccessDeniedException',
    );
  }
  const invocation = context.invoke(functionArn, payload ?? null);
  if (invocationType === 'Event') {
    // Nobody waits for an asynchronous invocation; what it throws is the function's own log.
    invocation.catch(() => {});
    return null;
  }
  return outcome(await invocation);
}

function outcome({ payload, functionError }: InvokeResult): Json {
  const value = toJson(payload);
  if (functionError === undefined) return value;
  const message =
    isJsonObject(value) && typeof value.errorMessage === 'string' ? value.errorMessage : 'Unknown error';
  throw new ResolverError(message, `Lambda:${functionError}`);
}
