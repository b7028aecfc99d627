import { type ErrorCode, errorCodeOf } from '../../../amplify/core/error.ts';

/** AppSync understood the call and said no, for a reason with a code. Trying the same again is of no use unless the code says so. */
export class Refused extends Error {
  readonly code: ErrorCode;
  constructor(field: string, code: ErrorCode, detail: string) {
    super(`${field} was refused: ${code} (${detail})`);
    this.name = 'Refused';
    this.code = code;
  }
}

/** The row had another epoch, attempt or status: somebody else has gone on. */
export class Bounced extends Error {
  constructor(field: string) {
    super(`${field} bounced: the row has gone on without this task`);
    this.name = 'Bounced';
  }
}

/** No answer, or none that AppSync gave in good order. The same call may succeed later. */
export class Unreachable extends Error {
  constructor(field: string, options: { detail: string; cause?: unknown }) {
    super(`${field} got no answer: ${options.detail}`, { cause: options.cause });
    this.name = 'Unreachable';
  }
}

export interface GraphqlError {
  readonly errorType?: string | null | undefined;
  readonly message?: string | null | undefined;
}

/** Tells a GraphQL error apart. Types of AppSync's own: DynamoDB:<exception>, Unauthorized…, Lambda:Unhandled. */
export function toCallError(field: string, error: GraphqlError): Refused | Bounced | Unreachable {
  const type = error.errorType ?? '';
  const detail = (error.message ?? '').slice(0, 200);
  if (type.includes('ConditionalCheckFailed')) return new Bounced(field);
  for (const candidate of [type, detail]) {
    const code = errorCodeOf(candidate);
    if (code !== 'internal' || candidate === 'internal') return new Refused(field, code, detail);
  }
  if (/^Unauthorized/.test(type)) return new Refused(field, 'unauthorized', detail);
  if (
    /^(DynamoDB:(Provisioned|RequestLimit|Throttling|InternalServer)|Lambda:|ExecutionTimeout)/.test(type)
  ) {
    return new Unreachable(field, { detail: type });
  }
  return new Refused(field, 'internal', `${type} ${detail}`.trim());
}
