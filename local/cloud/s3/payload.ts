import { AwsError } from '../service.ts';
import { type Checksum, verifyChecksum } from './checksum.ts';
import type { Values } from './values.ts';

/** A body as it is to be stored, with the checksum that it was compared with. */
export interface Payload {
  readonly body: Buffer;
  readonly checksum: Checksum | undefined;
}

/**
 * Takes a body out of its transfer form and compares it with every checksum that came with it, in headers, query
 * or trailer. Throws BadDigest, IncompleteBody or InvalidRequest; then nothing may be stored.
 */
export function readPayload(received: Buffer, values: Values): Payload {
  if (!values['x-amz-content-sha256']?.startsWith('STREAMING-')) {
    return { body: received, checksum: verifyChecksum(received, values) };
  }
  const { body, trailer } = decodeChunks(received);
  if (String(body.length) !== values['x-amz-decoded-content-length']) {
    throw new AwsError(
      'IncompleteBody',
      'The request body does not have the length that x-amz-decoded-content-length says.',
    );
  }
  const announced = (values['x-amz-trailer'] ?? '')
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter(Boolean);
  if (announced.some((name) => trailer[name] === undefined)) {
    throw new AwsError(
      'MalformedTrailerError',
      'The request contained trailing data that was not as announced.',
    );
  }
  return { body, checksum: verifyChecksum(body, { ...values, ...trailer }) };
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html, the unsigned form. */
function decodeChunks(received: Buffer): { body: Buffer; trailer: Record<string, string> } {
  const broken = () => new AwsError('IncompleteBody', 'The request body is not of the form aws-chunked.');
  const parts: Buffer[] = [];
  let at = 0;
  const line = () => {
    const end = received.indexOf('\r\n', at);
    if (end < 0) throw broken();
    const text = received.toString('latin1', at, end);
    at = end + 2;
    return text;
  };
  for (;;) {
    const size = /^([0-9a-fA-F]{1,8})(;|$)/.exec(line())?.[1];
    if (size === undefined) throw broken();
    const length = Number.parseInt(size, 16);
    if (length === 0) break;
    if (at + length + 2 > received.length) throw broken();
    parts.push(received.subarray(at, at + length));
    at += length;
    if (line() !== '') throw broken();
  }
  const trailer: Record<string, string> = {};
  while (at < received.length) {
    const text = line();
    if (text === '') break;
    const [name = '', value = ''] = text.split(/:(.*)/s, 2);
    trailer[name.trim().toLowerCase()] = value.trim();
  }
  return { body: Buffer.concat(parts), trailer };
}
