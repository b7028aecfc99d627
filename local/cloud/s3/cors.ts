import type { HttpReply, HttpRequest, Resource } from '../service.ts';

interface CorsRule {
  readonly AllowedOrigins: readonly string[];
  readonly AllowedMethods: readonly string[];
  readonly AllowedHeaders?: readonly string[];
  readonly ExposedHeaders?: readonly string[];
  readonly MaxAge?: number;
}

const like = (pattern: string, text: string): boolean => {
  const [before = '', after] = pattern.split('*');
  if (after === undefined) return pattern.toLowerCase() === text.toLowerCase();
  return text.length >= before.length + after.length && text.startsWith(before) && text.endsWith(after);
};

/** The headers that the bucket's own CORS rules allow; undefined where none matches. */
export function corsHeaders(bucket: Resource, request: HttpRequest): Record<string, string> | undefined {
  const { origin } = request.headers;
  if (!origin) return undefined;
  const method = String(request.headers['access-control-request-method'] ?? request.method);
  const asked = String(request.headers['access-control-request-headers'] ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean);
  const rules: CorsRule[] = bucket.properties.CorsConfiguration?.CorsRules ?? [];
  const rule = rules.find(
    ({ AllowedOrigins, AllowedMethods, AllowedHeaders = [] }) =>
      AllowedOrigins.some((pattern) => like(pattern, origin)) &&
      AllowedMethods.includes(method) &&
      asked.every((name) => AllowedHeaders.some((pattern) => like(pattern, name))),
  );
  if (!rule) return undefined;
  return {
    'access-control-allow-origin': rule.AllowedOrigins.includes('*') ? '*' : origin,
    'access-control-allow-methods': rule.AllowedMethods.join(', '),
    ...(asked.length ? { 'access-control-allow-headers': asked.join(', ') } : {}),
    ...(rule.ExposedHeaders?.length
      ? { 'access-control-expose-headers': rule.ExposedHeaders.join(', ') }
      : {}),
    ...(rule.MaxAge ? { 'access-control-max-age': String(rule.MaxAge) } : {}),
    vary: 'origin',
  };
}

/** Answers a preflight. */
export function preflight(bucket: Resource, request: HttpRequest): HttpReply {
  const headers = corsHeaders(bucket, request);
  return headers
    ? { status: 200, headers }
    : { status: 403, body: 'CORSResponse: This CORS request is not allowed.' };
}
