import { isJsonObject, type Json } from '../json.ts';

/** A NONE data source gives back the request's payload. */
export function callNone(request: Json): Json {
  return isJsonObject(request) ? (request.payload ?? null) : null;
}
