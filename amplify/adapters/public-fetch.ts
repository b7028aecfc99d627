import { lookup as resolve } from 'node:dns';
import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { Readable } from 'node:stream';
import type { ModelReach } from '../core/settings.ts';
import { mayReach } from './public-address.ts';

/** What is asked of an address that a user chose. */
export interface OutgoingCall {
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | undefined;
  readonly signal: AbortSignal;
}

/** The address leads into the deployment's own network, or to the machine itself, and may not be called. */
export class PrivateAddress extends Error {
  constructor(host: string) {
    super(`${host} is no address on the public internet`);
    this.name = 'PrivateAddress';
  }
}

/**
 * `fetch` for an address that somebody else chose. Where only public ones are in reach, a host that is, or resolves to, anything but
 * public addresses is refused; the connection goes to the very address that was judged, so a name that resolves
 * differently a moment later gains nothing. Redirects are never followed. Throws PrivateAddress, and what Node throws.
 */
export async function fetchFrom(url: string, call: OutgoingCall, reach: ModelReach): Promise<Response> {
  const target = new URL(url);
  const host = target.hostname.replace(/^\[(.*)\]$/, '$1');
  // Node looks up names only: an address in the URL itself never comes to the lookup.
  if (isIP(host) && !mayReach(host, reach)) throw new PrivateAddress(host);
  const start = target.protocol === 'https:' ? requestHttps : requestHttp;
  const answer = await new Promise<IncomingMessage>((resolveAnswer, reject) => {
    const request = start(
      target,
      {
        method: call.method,
        headers: { ...call.headers, ...(call.body ? { 'content-length': String(call.body.length) } : {}) },
        signal: call.signal,
        lookup: lookupWithin(reach),
      },
      resolveAnswer,
    );
    request.on('error', reject);
    request.end(call.body);
  });
  const headers = new Headers();
  for (const [name, value] of Object.entries(answer.headers))
    for (const each of [value ?? []].flat()) headers.append(name, each);
  const status = answer.statusCode ?? 502;
  const hasBody = ![204, 205, 304].includes(status);
  if (!hasBody) answer.resume();
  return new Response(hasBody ? (Readable.toWeb(answer) as ReadableStream<Uint8Array>) : null, {
    status,
    headers,
  });
}

/** Like dns.lookup, and fails when one of a name's addresses is out of reach: a name that means both means no good. */
const lookupWithin =
  (reach: ModelReach): LookupFunction =>
  (host, options, callback) => {
    resolve(host, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, '', 0);
      const [first] = addresses;
      if (!first || !addresses.every(({ address }) => mayReach(address, reach)))
        return callback(new PrivateAddress(host), '', 0);
      if (options.all) return callback(null, addresses);
      return callback(null, first.address, first.family);
    });
  };
