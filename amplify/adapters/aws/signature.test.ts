import { Sha256 } from '@aws-crypto/sha256-js';
import { HttpRequest } from '@smithy/protocol-http';
import { SignatureV4 } from '@smithy/signature-v4';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { presigned, signed } from './signature.ts';

/** Compared with AWS's own signer, which is too large for a function. */
const now = new Date('2026-05-01T09:00:00.123Z');
const region = 'ap-northeast-2';
const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret', sessionToken: 'to/ken==' };

const requests = fc.record({
  method: fc.constantFrom('GET', 'POST', 'PUT', 'DELETE'),
  // No part of a path is empty or moves up: AWS's signer would take it away, a URL has done so already.
  parts: fc.array(
    fc.string({ minLength: 1, unit: 'grapheme' }).filter((part) => !/^\.+$/.test(part)),
    { maxLength: 3 },
  ),
  query: fc.dictionary(
    fc.string({ minLength: 1 }).filter((name) => name !== '__proto__'),
    fc.string(),
    { maxKeys: 4 },
  ),
  headers: fc.dictionary(fc.stringMatching(/^x-amz-[a-c]{1,3}$/), fc.stringMatching(/^[!-~]( ?[!-~]+)*$/), {
    maxKeys: 3,
  }),
  body: fc.string({ unit: 'grapheme' }),
});

/** As RFC 3986 has it, and as S3 signs a path. */
const escaped = (part: string) =>
  encodeURIComponent(part).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);

type Asked = typeof requests extends fc.Arbitrary<infer Request> ? Request : never;
const asked = (service: string, { parts, query, ...request }: Asked) => {
  const url = new URL(`https://${service}.test/${parts.map(escaped).join('/')}`);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  const theirs = new HttpRequest({
    ...{ method: request.method, protocol: 'https:', hostname: url.host, path: url.pathname, query },
    headers: { ...request.headers, host: url.host },
    body: request.body,
  });
  const signer = new SignatureV4({
    ...{ service, region, credentials, sha256: Sha256 },
    uriEscapePath: service !== 's3',
  });
  return { ours: { ...request, url }, theirs, signer };
};

describe.each(['dynamodb', 's3'])('a request to %s', (service) => {
  test('is signed as AWS’s own client signs it', async () => {
    await fc.assert(
      fc.asyncProperty(requests, async (given) => {
        const { ours, theirs, signer } = asked(service, given);
        const { headers } = await signer.sign(theirs, { signingDate: now });
        expect(signed(ours, { service, region, credentials, now })).toEqual(headers);
      }),
    );
  });
});

test('a URL is presigned as AWS’s own client presigns it', async () => {
  await fc.assert(
    fc.asyncProperty(requests, async (given) => {
      const { ours, theirs, signer } = asked('s3', given);
      const names = new Set(Object.keys(given.headers));
      const options = {
        signingDate: now,
        expiresIn: 900,
        unhoistableHeaders: names,
        signableHeaders: new Set([...names, 'host']),
      };
      theirs.headers['X-Amz-Content-Sha256'] = 'UNSIGNED-PAYLOAD';
      const { query } = await signer.presign(theirs, options);
      const url = new URL(presigned(ours, { service: 's3', region, credentials, now, expiresIn: 900 }));
      expect(Object.fromEntries(url.searchParams)).toEqual(query);
    }),
  );
});
