import { expect, test } from 'vitest';
import { capFault, centsOf, usdText } from './spending-draft.ts';

test('a cap is typed in dollars and kept in cents', () => {
  expect([centsOf('1.5'), centsOf(' 2,25 '), centsOf('0'), centsOf('')]).toEqual([150, 225, 0, null]);
  expect([usdText(150), usdText(0), usdText(null)]).toEqual(['1.50', '0.00', '']);
});

test('a cap that is no amount, or above the deployment’s, is told', () => {
  for (const text of ['five', '-1', '1.234', '1e3', '$5']) expect(capFault(text, 5_000_000)).toBe('number');
  expect(capFault('5.01', 5_000_000)).toBe('above');
  expect(capFault('5', 5_000_000)).toBeNull();
  expect(capFault('5.01', undefined)).toBeNull();
  expect(capFault('', 5_000_000)).toBeNull();
});
