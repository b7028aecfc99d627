import { expect, test } from 'vitest';
import { checkPassword, temporaryPassword } from './password.ts';

const strict = {
  minimumLength: 8,
  requireLowercase: true,
  requireNumbers: true,
  requireSymbols: true,
  requireUppercase: true,
};

test('a temporary password keeps any policy and is never the same', () => {
  const policy = { ...strict, minimumLength: 20 };
  const passwords = Array.from({ length: 50 }, () => temporaryPassword(policy));
  for (const password of passwords) expect(() => checkPassword(policy, password)).not.toThrow();
  expect(new Set(passwords).size).toBe(50);
});

test('a space is a symbol inside a password and refused at its ends', () => {
  expect(() => checkPassword(strict, 'Four words 4 me')).not.toThrow();
  expect(() => checkPassword(strict, ' Four words 4 me')).toThrow('Password did not conform with policy');
});
