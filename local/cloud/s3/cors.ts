import type { HttpReply, HttpRequest } from '../service.ts';

/** As templates hold it. */
export interface CorsRule {
  readonly AllowedOrigins: readonly string[];
  readonly AllowedMethods: readonly string[];
  readonly AllowedHeaders?: readonly string[];
  readonly ExposedHeaders?: readonly string[];
  readonly MaxAge?: number | string;
}

function like(pattern: string, text: string): boolean {
  const [before = '', after] = pattern.toLowerCase().split('*');
  const lower = text.toLowerCase();
  if (after === undefined) return before === lower;
  return lower.length >= before.length + after.length && lower.startsWith(before) && lower.endsWith(after);
}

/** The headers that the bucket's own rules allow; undefined where none matches, or no page asks. */
export function corsHeaders(
  rules: readonly CorsRule[],
  request: HttpRequest,
): Record<string, string> | undefined {
  const { origin } = request.headers;
  if (!origin) return undefined;
  const method = String(request.headers['access-control-request-method'] ?? request.method);
  const asked = String(request.headers['access-control-request-headers'] ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean);
  const rule = rules.find(
    ({ AllowedOrigins, AllowedMethods, AllowedHeaders = [] }) =>
      AllowedOrigins.some((pattern) => like(pattern, origin)) &&
      AllowedMethods.includes(method) &&
      asked.every((name) => AllowedHeaders.some((pattern) => like(pattern, name))),
  );
  if (!rule) return undefined;
  const anyone = rule.AllowedOrigins.includes('*');
  return {
    'access-control-allow-origin': anyone ? '*' : origin,
    ...(anyone ? {} : { 'access-control-allow-credentials': 'true' }),
    'access-control-allow-methods': rule.AllowedMethods.join(', '),
    ...(asked.length ? { 'access-control-allow-headers': asked.join(', ') } : {}),
    ...(rule.ExposedHeaders?.length
      ? { 'access-control-expose-headers': rule.ExposedHeaders.join(', ') }
      : {}),
    ...(rule.MaxAge === undefined ? {} : { 'access-control-max-age': String(rule.MaxAge) }),
    vary: 'Origin, Access-Control-Request-Headers, Access-Control-Request-Method',
  };
}

/** Answers a preflight, which nobody signs. */
export function preflight(rules: readonly CorsRule[], request: HttpRequest): HttpReply {
  const headers = corsHeaders(rules, request);
  return headers
    ? { status: 200, headers }
    : { status: 403, body: 'CORSResponse: This CORS request is not allowed.' };
}
