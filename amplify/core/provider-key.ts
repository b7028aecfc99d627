import * as z from 'zod';
import { AppError } from './error.ts';
import { type Provider, provider } from './settings.ts';

/**
 * An owner's key as its parameter holds it: JSON that names the provider it belongs to, so that it never goes to
 * another one. Plain text, as an operator may have stored it, belongs to whichever provider the owner has chosen.
 */
const storedKey = z.object({ provider, key: z.string().min(1), savedAt: z.iso.datetime() });
export type StoredKey = z.infer<typeof storedKey>;

/** What people may see of a key. */
export const keyView = z.object({
  provider: provider.nullable(),
  /** Its last characters: enough to tell two keys apart. */
  ending: z.string().max(4),
  savedAt: z.iso.datetime().nullable(),
});
export type KeyView = z.infer<typeof keyView>;

/** The parameter of an owner's key, after the deployment's prefix. */
export const providerKeyName = (owner: string): string => `/owners/${owner}/provider-key`;

function readKey(text: string): StoredKey | { provider: null; key: string; savedAt: null } {
  try {
    const stored = storedKey.safeParse(JSON.parse(text));
    if (stored.success) return stored.data;
  } catch {
    // Plain text.
  }
  return { provider: null, key: text, savedAt: null };
}

/** The key if it is this provider's; null when there is none. */
export function keyFor(wanted: Provider, parameter: string | null): string | null {
  if (parameter === null) return null;
  const stored = readKey(parameter);
  return stored.provider === null || stored.provider === wanted ? stored.key : null;
}

/** Nothing of a short key is shown: its end would be most of it. */
export function viewOfKey(parameter: string | null): KeyView | null {
  if (parameter === null) return null;
  const { key, provider, savedAt } = readKey(parameter);
  return { provider, savedAt, ending: key.length >= 12 ? key.slice(-4) : '' };
}

/** A key as it was pasted, without what surrounds it. Throws `key.invalid`, without the key. */
export function checkKey(text: string): string {
  const key = text.trim();
  // Visible ASCII only: it goes into a header.
  if (!/^[\x21-\x7e]{1,2000}$/.test(key)) throw new AppError('key.invalid');
  return key;
}
