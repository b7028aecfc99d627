import { randomUUID } from 'node:crypto';
import { ResolverError } from './resolver-error.ts';
import { ksuid, ulid } from './util-ids.ts';

export const uuid = (): string => randomUUID();
export { ksuid, ulid };

export function urlEncode(text: string): string {
  return encodeURIComponent(text)
    .replaceAll('%20', '+')
    .replaceAll(/[!'()~]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}

export function urlDecode(text: string): string {
  return decodeURIComponent(text.replaceAll('+', '%20'));
}

export const base64Encode = (text: string): string => Buffer.from(text, 'utf8').toString('base64');
export const base64Decode = (text: string): string => Buffer.from(text, 'base64').toString('utf8');

export function escapeJavaScript(text: string): string {
  return JSON.stringify(text).slice(1, -1).replaceAll("'", "\\'").replaceAll('/', '\\/');
}

/** Java's Pattern.matches finds the pattern anywhere in AppSync's `util.matches`. */
export function matches(pattern: string, text: string): boolean {
  try {
    return new RegExp(pattern).test(text);
  } catch {
    throw new ResolverError(`The pattern ${pattern} is not valid`, 'BadRequest');
  }
}

export function normalize(text: string, form: string): string {
  if (!/^nfk?[cd]$/i.test(form)) throw new ResolverError(`${form} is not a normalization form`, 'BadRequest');
  return text.normalize(form.toUpperCase());
}
