import { createHash, createHmac, type Hash, type Hmac } from 'node:crypto';
import { HttpRequest } from '@smithy/protocol-http';
import { SignatureV4 } from '@smithy/signature-v4';

/** SHA-256 and its HMAC by node:crypto, in the form that the signer takes. */
export class Sha256 {
  readonly #secret: string | Buffer | undefined;
  #hash: Hash | Hmac;

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#secret = secret === undefined || typeof secret === 'string' ? secret : bytes(secret);
    this.#hash = this.#start();
  }

  update(chunk: string | ArrayBuffer | ArrayBufferView): void {
    this.#hash.update(typeof chunk === 'string' ? chunk : bytes(chunk));
  }

  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }

  reset(): void {
    this.#hash = this.#start();
  }

  #start(): Hash | Hmac {
    return this.#secret === undefined ? createHash('sha256') : createHmac('sha256', this.#secret);
  }
}

function bytes(value: ArrayBuffer | ArrayBufferView): Buffer {
  return ArrayBuffer.isView(value)
    ? Buffer.from(value.buffer, value.byteOffset, value.byteLength)
    : Buffer.from(value);
}

/** Everything that goes into a signature, as a request claims it. */
export interface SignedRequest {
  readonly method: string;
  /** As received, still percent-encoded. */
  readonly path: string;
  /** Decoded. */
  readonly query: Readonly<Record<string, string | string[]>>;
  /** The signed ones only, by lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly payloadHash: string;
  /** `20261123T101112Z` */
  readonly longDate: string;
}

/** Computes the signature that a request should carry, with the SDK's own canonical form. */
export class CanonicalSigner extends SignatureV4 {
  readonly #scope: { readonly region: string; readonly service: string };

  constructor(
    region: string,
    service: string,
    credentials: { accessKeyId: string; secretAccessKey: string },
  ) {
    // S3 signs its path as it is sent; every other service encodes it once more.
    super({
      region,
      service,
      credentials,
      sha256: Sha256,
      uriEscapePath: service !== 's3',
      applyChecksum: false,
    });
    this.#scope = { region, service };
  }

  async expectedSignature(request: SignedRequest): Promise<string> {
    const { method, path, query, headers, payloadHash, longDate } = request;
    const canonical = this.createCanonicalRequest(
      new HttpRequest({ method, path, query: { ...query } }),
      { ...trimmed(headers) },
      payloadHash,
    );
    const { region, service } = this.#scope;
    const scope = `${longDate.slice(0, 8)}/${region}/${service}/aws4_request`;
    const text = await this.createStringToSign(longDate, scope, canonical, 'AWS4-HMAC-SHA256');
    return this.sign(text, { signingDate: dateOf(longDate) });
  }
}

/** `20261123T101112Z` as a date; an invalid one when it is not of that form. */
export function dateOf(longDate: string): Date {
  return new Date(longDate.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
}

function trimmed(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, value.replace(/[ \t\r\n]+/g, ' ').trim()]),
  );
}
