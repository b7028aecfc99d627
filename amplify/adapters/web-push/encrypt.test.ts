import { expect, test } from 'vitest';
import { encryptFor, longestMessage } from './encrypt.ts';

// RFC 8291, section 5 and appendix A.
const example = {
  message: 'When I grow up, I want to be a watermelon',
  browser: {
    p256dh: 'BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4',
    auth: 'BTBZMqHH6r4Tts7J_aSIgg',
  },
  given: {
    privateKey: Buffer.from('yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw', 'base64url'),
    salt: Buffer.from('DGv6ra1nlYgDCS1FRnbzlw', 'base64url'),
  },
  encrypted:
    'DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN',
};

test('a message is encrypted as in the example of RFC 8291', () => {
  const { message, browser, given, encrypted } = example;
  expect(encryptFor(browser, Buffer.from(message), given).toString('base64url')).toBe(encrypted);
});

test('no two messages share key or salt', () => {
  const twice = [1, 2].map(() => encryptFor(example.browser, Buffer.from('x')).toString('base64url'));
  expect(new Set(twice.map((each) => each.slice(0, 100))).size).toBe(2);
});

test('what does not fit, and a key that is no point on the curve, are refused', () => {
  expect(encryptFor(example.browser, Buffer.alloc(longestMessage))).toHaveLength(4096);
  expect(() => encryptFor(example.browser, Buffer.alloc(longestMessage + 1))).toThrow(RangeError);
  const noPoint = { ...example.browser, p256dh: `B${'A'.repeat(86)}` };
  expect(() => encryptFor(noPoint, Buffer.from('x'))).toThrow();
});
