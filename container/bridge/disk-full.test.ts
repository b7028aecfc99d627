import { expect, test } from 'vitest';
import { codeOfFailure } from './disk-full.ts';

test.each([
  'Error: ENOSPC: no space left on device, write',
  'cp: error writing ‘a’: No space left on device',
  'GatewayError: chat.send: Error: database or disk is full',
])('“%s” is said to people as a full disk', (detail) => {
  expect(codeOfFailure(detail)).toBe('agent.disk_full');
});

test('another failure is not taken for one', () => {
  expect(codeOfFailure('Error: EACCES: permission denied')).toBe('internal');
});
