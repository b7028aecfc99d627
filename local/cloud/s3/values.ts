import type { HttpRequest } from '../service.ts';

/** Headers and query parameters by lower-case name. */
export type Values = Readonly<Record<string, string>>;

/**
 * A presigned URL carries in its query what a header would say; a header that comes along as well wins only when
 * the query does not have it, because the query is what was signed.
 */
export function valuesOf(request: HttpRequest): Values {
  const headers = Object.entries(request.headers).map(([name, value]) => [name, String(value)] as const);
  const query = [...request.url.searchParams]
    .map(([name, value]) => [name.toLowerCase(), value] as const)
    .filter(([name]) => name.startsWith('x-amz-'));
  return Object.fromEntries([...headers, ...query]);
}
