import { createHash, timingSafeEqual } from 'node:crypto';
import { AwsError, type HttpRequest } from '../service.ts';
import { CanonicalSigner, dateOf } from './canonical-signer.ts';
import type { Session, Sessions } from './sessions.ts';
import { type Claim, readClaim } from './signature-claim.ts';

const maxSkewMs = 5 * 60_000;
const maxPresignedSeconds = 7 * 24 * 3600;
const mismatch =
  'The request signature we calculated does not match the signature you provided. ' +
  'Check your AWS Secret Access Key and signing method. Consult the service documentation for details.';

export interface Authenticator {
  readonly sessions: Sessions;
  readonly region: string;
  readonly now: () => Date;
}

/**
 * Verifies a request's SigV4 signature (Authorization header or presigned query) for a service.
 * Gives the session that signed it; throws AwsError otherwise.
 */
export async function authenticate(
  request: HttpRequest,
  service: string,
  { sessions, region, now }: Authenticator,
): Promise<Session> {
  const claim = readClaim(request);
  checkScope(claim, service, region);
  const found = sessions.find(claim.accessKeyId, claim.sessionToken ?? '');
  if (found.state === 'invalid') {
    throw new AwsError(
      'UnrecognizedClientException',
      'The security token included in the request is invalid.',
      403,
    );
  }
  if (found.state === 'expired') {
    throw new AwsError('ExpiredToken', 'The security token included in the request is expired', 403);
  }
  checkTime(claim, now());
  const signer = new CanonicalSigner(region, service, {
    accessKeyId: claim.accessKeyId,
    secretAccessKey: found.secretAccessKey,
  });
  const expected = await signer.expectedSignature({
    method: request.method,
    path: claim.path,
    query: claim.query,
    headers: claim.headers,
    payloadHash: payloadHashOf(claim, request.body, service),
    longDate: claim.longDate,
  });
  const [given, wanted] = [Buffer.from(claim.signature), Buffer.from(expected)];
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) {
    throw new AwsError('SignatureDoesNotMatch', mismatch, 403);
  }
  return found.session;
}

function checkScope(claim: Claim, service: string, region: string): void {
  const expected = `${claim.longDate.slice(0, 8)}/${region}/${service}/aws4_request`;
  if (claim.scope === expected) return;
  throw new AwsError(
    'SignatureDoesNotMatch',
    `Credential should be scoped to ${expected}, not to ${claim.scope}.`,
    403,
  );
}

function checkTime(claim: Claim, now: Date): void {
  const signed = dateOf(claim.longDate).getTime();
  const age = now.getTime() - signed;
  if (claim.expiresSeconds === undefined) {
    if (Math.abs(age) <= maxSkewMs) return;
    throw new AwsError(
      'RequestTimeTooSkewed',
      'The difference between the request time and the current time is too large.',
      403,
    );
  }
  const { expiresSeconds } = claim;
  if (!(expiresSeconds >= 1 && expiresSeconds <= maxPresignedSeconds)) {
    throw new AwsError(
      'AuthorizationQueryParametersError',
      'X-Amz-Expires must be between 1 and 604800 seconds',
    );
  }
  if (age > expiresSeconds * 1000) throw new AwsError('AccessDenied', 'Request has expired', 403);
  if (age < -maxSkewMs) throw new AwsError('AccessDenied', 'Request is not valid yet', 403);
}

/** The payload hash that was signed. What a header says of the body must be true of the body. */
function payloadHashOf(claim: Claim, body: Buffer, service: string): string {
  const { payloadHash } = claim;
  const presigned = claim.expiresSeconds !== undefined;
  if (payloadHash === undefined) {
    if (presigned && service === 's3') return 'UNSIGNED-PAYLOAD';
    if (service === 's3') {
      throw new AwsError('InvalidRequest', 'Missing required header for this request: x-amz-content-sha256');
    }
    return sha256(body);
  }
  if (payloadHash === 'UNSIGNED-PAYLOAD' || payloadHash === 'STREAMING-UNSIGNED-PAYLOAD-TRAILER') {
    if (service === 's3') return payloadHash;
    throw new AwsError('SignatureDoesNotMatch', `${service} takes no unsigned payload.`, 403);
  }
  if (payloadHash.startsWith('STREAMING-')) {
    throw new AwsError(
      'NotImplemented',
      `The local cloud does not take the payload form ${payloadHash}.`,
      501,
    );
  }
  if (payloadHash !== sha256(body)) {
    throw new AwsError(
      'XAmzContentSHA256Mismatch',
      "The provided 'x-amz-content-sha256' header does not match what was computed.",
      400,
    );
  }
  return payloadHash;
}

function sha256(body: Buffer): string {
  return createHash('sha256').update(body).digest('hex');
}
