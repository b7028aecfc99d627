import { expect, test } from 'vitest';
import { beginExchange, createVerifier, matchesVerifier, provesPassword } from './srp.ts';

const identity = { poolName: 'TestPool1', username: 'ada' };
const kept = createVerifier(identity, 'Correct-Horse-9');

test('a verifier tells the right password from others, and does not hold it', () => {
  expect(matchesVerifier(identity, 'Correct-Horse-9', kept)).toBe(true);
  expect(matchesVerifier(identity, 'correct-horse-9', kept)).toBe(false);
  expect(matchesVerifier({ ...identity, username: 'bob' }, 'Correct-Horse-9', kept)).toBe(false);
  expect(JSON.stringify(kept)).not.toContain('Correct');
  expect(createVerifier(identity, 'Correct-Horse-9').salt).not.toBe(kept.salt);
});

const prime = 3072 / 4;
test.each([
  ['zero', '0'],
  ['no number', 'xyz'],
  ['nothing', ''],
  ['far too long', 'f'.repeat(prime * 2 + 1)],
])('a client value that is %s is refused', (_, value) => {
  expect(beginExchange(kept, value)).toBeUndefined();
});

test('an exchange is not proved by a made-up signature', () => {
  const exchange = beginExchange(kept, 'abcdef');
  const claim = { secretBlock: 'AAAA', timestamp: 'now', signature: Buffer.alloc(32).toString('base64') };
  expect(exchange && provesPassword(identity, kept, exchange, claim)).toBe(false);
  expect(exchange && provesPassword(identity, kept, exchange, { ...claim, signature: '' })).toBe(false);
});
