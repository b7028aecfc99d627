import { randomInt } from 'node:crypto';
import { AwsError } from '../service.ts';

/** The pool's rules; the length is in characters. */
export interface PasswordPolicy {
  readonly minimumLength: number;
  readonly requireUppercase: boolean;
  readonly requireLowercase: boolean;
  readonly requireNumbers: boolean;
  readonly requireSymbols: boolean;
}

/** Cognito's own list of symbols; a space counts inside, not at an end. */
const symbols = '^$*.[]{}()?"!@#%&/\\,><\':;|_~`=+- ';
const has = (password: string, set: string) => [...password].some((character) => set.includes(character));

/** Throws InvalidPasswordException, in Cognito's words, naming the first rule that is not kept. */
export function checkPassword(policy: PasswordPolicy, password: string): void {
  const fault = (text: string) =>
    new AwsError('InvalidPasswordException', `Password did not conform with policy: ${text}`);
  if (password.length < policy.minimumLength) throw fault('Password not long enough');
  if (password.length > 256) throw fault('Password too long');
  if (/^\s|\s$/.test(password)) throw fault('Password must not have leading or trailing spaces');
  if (policy.requireUppercase && !/[A-Z]/.test(password))
    throw fault('Password must have uppercase characters');
  if (policy.requireLowercase && !/[a-z]/.test(password))
    throw fault('Password must have lowercase characters');
  if (policy.requireNumbers && !/[0-9]/.test(password)) throw fault('Password must have numeric characters');
  if (policy.requireSymbols && !has(password, symbols)) throw fault('Password must have symbol characters');
}

/** A random password that keeps any policy, for people whom an administrator adds. */
export function temporaryPassword(policy: PasswordPolicy): string {
  const sets = ['ABCDEFGHJKLMNPQRSTUVWXYZ', 'abcdefghijkmnpqrstuvwxyz', '23456789', '!@#%*?_'];
  const all = sets.join('');
  const pick = (set: string) => set.charAt(randomInt(set.length));
  const characters = sets.map(pick);
  while (characters.length < Math.max(12, policy.minimumLength)) characters.push(pick(all));
  for (let index = characters.length - 1; index > 0; index -= 1) {
    const other = randomInt(index + 1);
    [characters[index], characters[other]] = [characters[other] ?? '', characters[index] ?? ''];
  }
  return characters.join('');
}
