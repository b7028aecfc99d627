import { AwsError } from '../service.ts';
import type { StoredObject } from './object-store.ts';
import type { Values } from './values.ts';

/**
 * First and last byte of a Range header; undefined without one, or with one that S3 ignores (several ranges).
 * Throws InvalidRange (416) when no byte of the object is in it.
 */
export function rangeOf(values: Values, { size, etag }: StoredObject): readonly [number, number] | undefined {
  const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(values.range?.trim() ?? '') ?? [];
  if (from === '' && to === '') return undefined;
  const only = values['if-range'];
  if (only !== undefined && only.replace(/^"|"$/g, '') !== etag) return undefined;
  if (from !== '' && to !== '' && Number(to) < Number(from)) return undefined;
  const first = from === '' ? Math.max(0, size - Number(to)) : Number(from);
  const last = from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1);
  if (first > last) throw new AwsError('InvalidRange', 'The requested range is not satisfiable', 416);
  return [first, last];
}
