import { randomUUID } from 'node:crypto';
import type { HttpReply, HttpRequest, Principal } from '../service.ts';

/**
 * The event that a function URL makes of a request (payload format 2.0).
 * https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html
 */
export function eventOf(
  request: HttpRequest,
  at: {
    readonly urlId: string;
    readonly path: string;
    readonly now: Date;
    readonly caller: Principal | undefined;
  },
): Record<string, unknown> {
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(',') : value,
    ]),
  );
  const query: Record<string, string> = {};
  for (const [name, value] of request.url.searchParams) {
    query[name] = query[name] === undefined ? value : `${query[name]},${value}`;
  }
  const text = isText(headers['content-type']);
  const { urlId, path, now, caller } = at;
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: path,
    rawQueryString: request.url.search.slice(1),
    ...(headers.cookie ? { cookies: headers.cookie.split(/;\s*/) } : {}),
    headers,
    ...(Object.keys(query).length > 0 ? { queryStringParameters: query } : {}),
    requestContext: {
      accountId: caller?.accountId ?? 'anonymous',
      apiId: urlId,
      ...(caller
        ? {
            authorizer: {
              iam: { accountId: caller.accountId, userArn: caller.userArn, userId: caller.userId },
            },
          }
        : {}),
      domainName: headers.host,
      domainPrefix: urlId,
      http: {
        method: request.method,
        path,
        protocol: 'HTTP/1.1',
        sourceIp: '127.0.0.1',
        userAgent: headers['user-agent'],
      },
      requestId: randomUUID(),
      routeKey: '$default',
      stage: '$default',
      time: clfTime(now),
      timeEpoch: now.getTime(),
    },
    ...(request.body.length > 0 ? { body: request.body.toString(text ? 'utf8' : 'base64') } : {}),
    isBase64Encoded: request.body.length > 0 && !text,
  };
}

/** A result with a status is an HTTP answer; anything else is the JSON body of a 200. */
export function replyOf(result: unknown): HttpReply {
  const answer = result as {
    statusCode?: unknown;
    headers?: Readonly<Record<string, unknown>>;
    body?: unknown;
    cookies?: readonly string[];
    isBase64Encoded?: boolean;
  } | null;
  if (typeof answer !== 'object' || answer?.statusCode === undefined) {
    return {
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(result ?? null),
    };
  }
  const { statusCode, headers = {}, body = '', cookies = [], isBase64Encoded } = answer;
  const status = Number(statusCode);
  const malformed = !Number.isInteger(status) || typeof body !== 'string' || cookies.length > 1;
  if (malformed) return { status: 502, body: 'Internal Server Error' };
  return {
    status,
    headers: {
      'content-type': 'application/json',
      ...Object.fromEntries(
        Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]),
      ),
      ...(cookies[0] === undefined ? {} : { 'set-cookie': cookies[0] }),
    },
    body: isBase64Encoded ? Buffer.from(body, 'base64') : body,
  };
}

function isText(contentType: string | undefined): boolean {
  return /^(text\/|application\/(.+\+)?(json|xml|javascript)\b)/.test(contentType ?? '');
}

/** `12/Mar/2020:19:03:58 +0000` */
function clfTime(now: Date): string {
  const [, day, month, year, time] = /, (\d+) (\w+) (\d+) ([\d:]+)/.exec(now.toUTCString()) ?? [];
  return `${day}/${month}/${year}:${time} +0000`;
}
