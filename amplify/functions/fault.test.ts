import { expect, test } from 'vitest';
import { AppError, errorCodeOf } from '../core/error.ts';
import { answering } from './fault.ts';

async function thrownBy(error: unknown) {
  const entries: Record<string, unknown>[] = [];
  const handler = answering(
    (entry) => void entries.push({ ...entry }),
    () => ({ owner: 'hash' }),
    async () => Promise.reject(error),
  );
  const thrown = await handler({}).then(
    () => undefined,
    (fault: Error) => fault,
  );
  return { thrown: thrown as Error, entries };
}

test('a fault of ours goes out under its code, where AppSync’s clients read it', async () => {
  const { thrown } = await thrownBy(new AppError('message.too_long', { detail: '40000 of at most 32000' }));
  expect(thrown.name).toBe('message.too_long');
  expect(thrown.message).toBe('message.too_long: 40000 of at most 32000');
  expect(errorCodeOf(thrown.message)).toBe('message.too_long');
  expect((await thrownBy(new AppError('message.empty'))).thrown.message).toBe('message.empty');
});

test('anything else goes out as internal, and only the log tells what it was', async () => {
  const { thrown, entries } = await thrownBy(new Error('table secret-table is on fire'));
  expect(thrown.message).toBe('internal');
  expect(thrown.stack ?? '').not.toContain('secret-table');
  expect(entries).toMatchObject([
    { level: 'error', owner: 'hash', message: 'table secret-table is on fire' },
  ]);
});
