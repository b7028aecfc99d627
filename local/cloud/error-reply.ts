import { randomUUID } from 'node:crypto';
import { AwsError, type HttpReply, type HttpRequest } from './service.ts';

/** What services with JSON protocols call the errors of authentication and authorization, and the status they give. */
const jsonNames: Readonly<Record<string, readonly [string, number]>> = {
  AccessDenied: ['AccessDeniedException', 400],
  ExpiredToken: ['ExpiredTokenException', 400],
  IncompleteSignature: ['IncompleteSignatureException', 400],
  MissingAuthenticationToken: ['MissingAuthenticationTokenException', 400],
  RequestTimeTooSkewed: ['InvalidSignatureException', 400],
  SignatureDoesNotMatch: ['InvalidSignatureException', 400],
  UnrecognizedClientException: ['UnrecognizedClientException', 400],
  XAmzContentSHA256Mismatch: ['InvalidSignatureException', 400],
};

/** S3's own name of an access key or token that was not made here. */
const s3Names: Readonly<Record<string, string>> = {
  UnrecognizedClientException: 'InvalidAccessKeyId',
  MissingAuthenticationToken: 'AccessDenied',
};

/** An error in the form that the service's own clients read. What is no AwsError is not shown to the caller. */
export function errorReply(error: unknown, request: HttpRequest, service: string | undefined): HttpReply {
  const fault =
    error instanceof AwsError
      ? error
      : new AwsError('InternalFailure', 'The local cloud failed; see its log.', 500);
  const requestId = randomUUID();
  if (service === 's3') return s3Reply(fault, requestId);
  // JSON 1.0 and 1.1 name the operation in a header and answer every client error with 400; REST does not.
  const rpc = request.headers['x-amz-target'] !== undefined;
  const [code, status] = jsonNames[fault.code] ?? [fault.code, fault.status];
  const contentType = String(request.headers['content-type'] ?? '');
  return {
    status: rpc ? status : fault.status,
    headers: {
      'content-type':
        rpc && contentType.startsWith('application/x-amz-json') ? contentType : 'application/json',
      'x-amzn-errortype': code,
      'x-amzn-requestid': requestId,
    },
    body: JSON.stringify({ ...fault.details, __type: code, message: fault.message }),
  };
}

const escapes: Readonly<Record<string, string>> = { '<': '&lt;', '>': '&gt;', '&': '&amp;' };

function s3Reply(fault: AwsError, requestId: string): HttpReply {
  const text = fault.message.replace(/[<>&]/g, (sign) => escapes[sign] ?? sign);
  return {
    status: fault.status,
    headers: { 'content-type': 'application/xml', 'x-amz-request-id': requestId },
    body:
      '<?xml version="1.0" encoding="UTF-8"?>\n' +
      `<Error><Code>${s3Names[fault.code] ?? fault.code}</Code><Message>${text}</Message><RequestId>${requestId}</RequestId></Error>`,
  };
}
