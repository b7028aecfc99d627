import { setTimeout as pause } from 'node:timers/promises';
import { type AwsCredentials, environmentCredentials } from './credentials.ts';
import { type AwsFault, retryAfter } from './fault.ts';
import { signed } from './signature.ts';

/** Where and as whom a service is called. In a function all of it comes from its environment. */
export interface AwsOptions {
  readonly region?: string;
  /** Without one: AWS_ENDPOINT_URL_<SERVICE>, AWS_ENDPOINT_URL, else AWS itself. */
  readonly endpoint?: string;
  readonly credentials?: () => AwsCredentials | Promise<AwsCredentials>;
  readonly maxAttempts?: number;
  readonly wait?: (ms: number) => Promise<unknown>;
}

export interface AwsRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE';
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface AwsAnswer {
  readonly headers: Headers;
  readonly text: string;
}

/** As AWS's own clients have it. */
const defaultAttempts = 3;
/** The longest pause before the second try, milliseconds; doubled for each further one. */
const backoff = { soon: 100, later: 500 };
/** One try takes this long at most, milliseconds: RunTask is the slowest of what is called. */
const timeoutMs = 10_000;

/** Reads a refusal of a protocol out of an answer that is none of 2xx. */
export type ReadFault = (status: number, headers: Headers, text: string) => AwsFault;

/**
 * A small client of one service of AWS: signs, sends, tries again as AWS's own clients do. It stands instead of them
 * because a function that takes a message starts with it: theirs are a megabyte, most of it never used.
 */
export class AwsClient {
  readonly endpoint: URL;
  readonly region: string;
  readonly credentials: NonNullable<AwsOptions['credentials']>;
  readonly #service: string;
  readonly #readFault: ReadFault;
  readonly #maxAttempts: number;
  readonly #wait: NonNullable<AwsOptions['wait']>;

  /** `service`: as it is signed for and as its address begins. */
  constructor(service: string, readFault: ReadFault, options: AwsOptions = {}) {
    this.#service = service;
    this.#readFault = readFault;
    this.region = options.region ?? process.env.AWS_REGION ?? '';
    this.endpoint = new URL(options.endpoint ?? endpointOf(service, this.region));
    this.credentials = options.credentials ?? environmentCredentials;
    this.#maxAttempts = options.maxAttempts ?? defaultAttempts;
    this.#wait = options.wait ?? pause;
  }

  /** Throws AwsFault when the service refuses, and what `fetch` throws when it was not reached. */
  async send(request: AwsRequest): Promise<AwsAnswer> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#try(request);
      } catch (error) {
        const again = retryAfter(error);
        if (again === 'no' || attempt >= this.#maxAttempts) throw error;
        await this.#wait(Math.random() * backoff[again] * 2 ** (attempt - 1));
      }
    }
  }

  async #try({ method, url, headers = {}, body }: AwsRequest): Promise<AwsAnswer> {
    const { host: _, ...sent } = signed(
      { method, url, headers, ...(body !== undefined && { body }) },
      {
        service: this.#service,
        region: this.region,
        credentials: await this.credentials(),
        now: new Date(),
      },
    );
    const response = await fetch(url, {
      method,
      headers: sent,
      signal: AbortSignal.timeout(timeoutMs),
      ...(body !== undefined && { body }),
    });
    const text = await response.text();
    if (!response.ok) throw this.#readFault(response.status, response.headers, text);
    return { headers: response.headers, text };
  }
}

/** https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html */
function endpointOf(service: string, region: string): string {
  const { AWS_ENDPOINT_URL, [`AWS_ENDPOINT_URL_${service.toUpperCase()}`]: ofService } = process.env;
  const domain = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
  return ofService ?? AWS_ENDPOINT_URL ?? `https://${service}.${region}.${domain}`;
}
