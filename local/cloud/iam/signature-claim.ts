import { AwsError, type HttpRequest } from '../service.ts';

/** What a request says about its own signature. Nothing of it is verified yet. */
export interface Claim {
  readonly accessKeyId: string;
  /** `date/region/service/aws4_request` */
  readonly scope: string;
  readonly sessionToken: string | undefined;
  readonly longDate: string;
  readonly signature: string;
  /** Signed headers. */
  readonly headers: Readonly<Record<string, string>>;
  readonly path: string;
  readonly query: Readonly<Record<string, string | string[]>>;
  /** `x-amz-content-sha256`, from the header or the query. */
  readonly payloadHash: string | undefined;
  /** Set for presigned requests. */
  readonly expiresSeconds: number | undefined;
}

const algorithm = 'AWS4-HMAC-SHA256';
/** Added on the way by some clients after signing. */
const mayStayUnsigned = new Set(['x-amz-user-agent', 'x-amz-date', 'x-amz-id-2', 'x-amz-cf-id']);

/** Reads the Authorization header or the presigned query. Throws AwsError when there is none, or one that is cut short. */
export function readClaim(request: HttpRequest): Claim {
  const { path, query } = target(request);
  const presigned = text(query['X-Amz-Algorithm']) !== undefined;
  const authorization = header(request, 'authorization');
  if (presigned && authorization !== undefined) {
    throw incomplete('Only one auth mechanism allowed; a header and a query string were both given');
  }
  if (presigned) return presignedClaim(request, path, query);
  if (authorization === undefined || !authorization.startsWith('AWS4-')) {
    throw new AwsError('MissingAuthenticationToken', 'Request is missing Authentication Token', 403);
  }
  const longDate = header(request, 'x-amz-date');
  const parts = Object.fromEntries(
    authorization
      .slice(algorithm.length)
      .split(',')
      .map((part) => part.trim().split(/=(.*)/s, 2)),
  ) as Record<string, string | undefined>;
  const { Credential, SignedHeaders, Signature } = parts;
  if (
    !authorization.startsWith(`${algorithm} `) ||
    !Credential ||
    !SignedHeaders ||
    !Signature ||
    !longDate
  ) {
    throw incomplete(
      'Authorization header requires Credential, SignedHeaders, Signature and an X-Amz-Date header',
    );
  }
  return {
    ...credential(Credential),
    sessionToken: header(request, 'x-amz-security-token'),
    longDate,
    signature: Signature,
    headers: signedHeaders(request, SignedHeaders),
    path,
    query,
    payloadHash: header(request, 'x-amz-content-sha256'),
    expiresSeconds: undefined,
  };
}

function presignedClaim(request: HttpRequest, path: string, query: Claim['query']): Claim {
  const get = (name: string) => text(query[name]);
  const Credential = get('X-Amz-Credential');
  const SignedHeaders = get('X-Amz-SignedHeaders');
  const signature = get('X-Amz-Signature');
  const longDate = get('X-Amz-Date');
  if (get('X-Amz-Algorithm') !== algorithm || !Credential || !SignedHeaders || !signature || !longDate) {
    throw incomplete(
      'Query-string authentication requires X-Amz-Credential, -Date, -Expires, -SignedHeaders and -Signature',
    );
  }
  return {
    ...credential(Credential),
    sessionToken: get('X-Amz-Security-Token'),
    longDate,
    signature,
    headers: signedHeaders(request, SignedHeaders),
    path,
    query: Object.fromEntries(Object.entries(query).filter(([name]) => name !== 'X-Amz-Signature')),
    payloadHash: get('X-Amz-Content-Sha256') ?? header(request, 'x-amz-content-sha256'),
    expiresSeconds: Number(get('X-Amz-Expires') ?? Number.NaN),
  };
}

function credential(text: string): { accessKeyId: string; scope: string } {
  const [accessKeyId = '', ...scope] = text.split('/');
  if (scope.length !== 4)
    throw incomplete('A credential has five parts: key/date/region/service/aws4_request');
  return { accessKeyId, scope: scope.join('/') };
}

function signedHeaders(request: HttpRequest, names: string): Record<string, string> {
  const list = names.split(';');
  if (!list.includes('host')) throw incomplete("'Host' must be a signed header");
  const unsigned = Object.keys(request.headers).find(
    (name) => name.startsWith('x-amz-') && !list.includes(name) && !mayStayUnsigned.has(name),
  );
  if (unsigned !== undefined) {
    throw new AwsError(
      'AccessDenied',
      `There were headers present in the request which were not signed: ${unsigned}`,
      403,
    );
  }
  return Object.fromEntries(list.map((name) => [name, header(request, name) ?? '']));
}

function header(request: HttpRequest, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value.join(',') : value;
}

function target(request: HttpRequest): Pick<Claim, 'path' | 'query'> {
  const [path = '/', search = request.url.search.slice(1)] = request.rawPath.split(/\?(.*)/s, 2);
  const query: Record<string, string | string[]> = {};
  for (const pair of search.split('&').filter((part) => part !== '')) {
    const [name = '', value = ''] = pair.split(/=(.*)/s, 2).map(decode);
    const existing = query[name];
    query[name] = existing === undefined ? value : [existing, value].flat();
  }
  return { path, query };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new AwsError('InvalidURI', "Couldn't parse the specified URI.");
  }
}

function text(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}

function incomplete(message: string): AwsError {
  return new AwsError('IncompleteSignature', message);
}
