import { AwsError } from '../service.ts';
import type { StoredObject } from './object-store.ts';
import type { Values } from './values.ts';

const failed = (condition: string) =>
  new AwsError(
    'PreconditionFailed',
    `At least one of the pre-conditions you specified did not hold (${condition})`,
    412,
  );

function names(header: string, etag: string): boolean {
  return header.split(',').some((each) => {
    const name = each.trim().replace(/^W\//, '');
    return name === '*' || name.replace(/^"|"$/g, '') === etag;
  });
}

const seconds = (time: number) => Math.floor(time / 1000);

/** For reads: throws 412, or gives `not-modified` where the reply is 304. */
export function checkRead(object: StoredObject, values: Values): 'send' | 'not-modified' {
  const { etag, modifiedAt } = object;
  const since = (name: string) => {
    const time = Date.parse(values[name] ?? '');
    return Number.isNaN(time) ? undefined : seconds(time);
  };
  const ifMatch = values['if-match'];
  if (ifMatch !== undefined && !names(ifMatch, etag)) throw failed('If-Match');
  const unmodified = since('if-unmodified-since');
  if (ifMatch === undefined && unmodified !== undefined && seconds(modifiedAt) > unmodified) {
    throw failed('If-Unmodified-Since');
  }
  const ifNoneMatch = values['if-none-match'];
  if (ifNoneMatch !== undefined) return names(ifNoneMatch, etag) ? 'not-modified' : 'send';
  const modified = since('if-modified-since');
  return modified !== undefined && seconds(modifiedAt) <= modified ? 'not-modified' : 'send';
}

/** For writes: throws 412, or 404 for an If-Match where nothing is. `present` is what the key holds now. */
export function checkWrite(present: StoredObject | undefined, values: Values): void {
  const ifNoneMatch = values['if-none-match'];
  if (ifNoneMatch !== undefined) {
    if (ifNoneMatch !== '*') {
      throw new AwsError('NotImplemented', "The local cloud's S3 has no If-None-Match but * on writes.", 501);
    }
    if (present) throw failed('If-None-Match');
  }
  const ifMatch = values['if-match'];
  if (ifMatch === undefined) return;
  if (!present) throw new AwsError('NoSuchKey', 'The specified key does not exist.', 404);
  if (!names(ifMatch, present.etag)) throw failed('If-Match');
}

/** Of a copy's source: the `x-amz-copy-source-if-*` headers. Throws 412. */
export function checkCopySource(source: StoredObject, values: Values): void {
  const prefix = 'x-amz-copy-source-';
  const own = Object.fromEntries(
    Object.entries(values)
      .filter(([name]) => name.startsWith(`${prefix}if-`))
      .map(([name, value]) => [name.slice(prefix.length), value]),
  );
  if (checkRead(source, own) === 'not-modified') throw failed('x-amz-copy-source-If-None-Match');
}
