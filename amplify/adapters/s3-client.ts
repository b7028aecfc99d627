import { AwsClient, type AwsOptions, type AwsRequest, type ReadFault } from './aws/client.ts';
import { AwsFault } from './aws/fault.ts';
import { presigned } from './aws/signature.ts';

/** URLs live this long, seconds. */
export const expiresIn = 15 * 60;

/** One bucket. */
export interface S3Bucket {
  /** Throws AwsFault. */
  send(request: Omit<AwsRequest, 'url'> & S3Place): Promise<{ headers: Headers; text: string }>;
  /** Who holds the URL may make this request for a quarter of an hour, with exactly these headers. */
  presign(
    request: { method: 'GET' | 'PUT'; headers?: Readonly<Record<string, string>> } & S3Place,
  ): Promise<string>;
}

export interface S3Place {
  /** Without one: the bucket itself. */
  readonly key?: string;
  readonly query?: Readonly<Record<string, string>>;
}

/** A bucket, called as `options` says. */
export function s3Bucket(bucket: string, options?: AwsOptions): S3Bucket {
  const client = new AwsClient('s3', readXmlFault, options);
  const { endpoint, region } = client;
  const urlOf = ({ key = '', query = {} }: S3Place): URL => {
    // Amazon's own endpoint wants the bucket in the host's name, which any other endpoint can't serve.
    const isOwn = /\.amazonaws\.com(\.cn)?$/.test(endpoint.hostname);
    const path = key.split('/').map(encodeURIComponent).join('/');
    const url = new URL(isOwn ? `/${path}` : `/${bucket}/${path}`, endpoint);
    if (isOwn) url.hostname = `${bucket}.${endpoint.hostname}`;
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    // A plus is a space in forms only.
    url.search = url.search.replaceAll('+', '%20');
    return url;
  };
  return {
    send: ({ key, query, ...request }) =>
      client.send({ ...request, url: urlOf({ ...(key && { key }), ...(query && { query }) }) }),
    presign: async ({ method, headers = {}, ...place }) =>
      presigned(
        { method, url: urlOf(place), headers },
        { service: 's3', region, credentials: await client.credentials(), now: new Date(), expiresIn },
      ),
  };
}

/** Text of the elements of a name, in their order; S3 nests none of the asked ones in themselves. */
export const textsOf = (xml: string, element: string): string[] =>
  [...xml.matchAll(new RegExp(`<${element}>([^<]*)</${element}>`, 'g'))].map(([, text = '']) =>
    text.replace(/&(lt|gt|quot|apos|amp|#39|#34);/g, (_, name: string) => entities[name] ?? ''),
  );
const entities: Record<string, string> = {
  ...{ lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' },
  ...{ '#39': "'", '#34': '"' },
};

const readXmlFault: ReadFault = (status, _, text) => {
  const [code = `Http${status}`] = textsOf(text, 'Code');
  const [message = `S3 answered ${status}`] = textsOf(text, 'Message');
  return new AwsFault(code, message, status);
};
