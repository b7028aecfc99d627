import type { HttpRequest } from '../service.ts';

/** The `Cors` property of a function URL. */
export interface Cors {
  readonly AllowOrigins?: readonly string[];
  readonly AllowMethods?: readonly string[];
  readonly AllowHeaders?: readonly string[];
  readonly ExposeHeaders?: readonly string[];
  readonly AllowCredentials?: boolean;
  readonly MaxAge?: number;
}

export function isPreflight(request: HttpRequest): boolean {
  return request.method === 'OPTIONS' && request.headers['access-control-request-method'] !== undefined;
}

/** Headers that tell a page at the request's Origin what it may do. Empty when it may nothing. */
export function corsHeaders(cors: Cors | undefined, request: HttpRequest): Record<string, string> {
  const origin = request.headers.origin;
  const { AllowOrigins = [], AllowMethods = [], AllowHeaders = [], ExposeHeaders = [] } = cors ?? {};
  if (origin === undefined || !AllowOrigins.some((each) => each === '*' || each === origin)) return {};
  const credentials = cors?.AllowCredentials === true;
  const common = {
    'access-control-allow-origin': AllowOrigins.includes('*') && !credentials ? '*' : origin,
    vary: 'Origin',
    ...(credentials ? { 'access-control-allow-credentials': 'true' } : {}),
  };
  if (!isPreflight(request)) {
    return ExposeHeaders.length > 0
      ? { ...common, 'access-control-expose-headers': ExposeHeaders.join(',') }
      : common;
  }
  return {
    ...common,
    ...(AllowMethods.length > 0 ? { 'access-control-allow-methods': AllowMethods.join(',') } : {}),
    ...(AllowHeaders.length > 0 ? { 'access-control-allow-headers': AllowHeaders.join(',') } : {}),
    ...(cors?.MaxAge === undefined ? {} : { 'access-control-max-age': String(cors.MaxAge) }),
  };
}
