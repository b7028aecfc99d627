import { expect, test } from 'vitest';
import { scheduleNote } from './schedule-note.ts';

const schedule = { id: '0199a000-0000-7000-8000-0000000000aa', dueAt: '2026-01-01T08:00:00.000Z' };

test('a message that a schedule sent says when it was due, and whether it is late', () => {
  const at = (acceptedAt: string) => scheduleNote({ schedule, acceptedAt });
  expect(at('2026-01-01T08:00:40.000Z')).toMatch(/due at 2026-01-01T08:00:00.000Z\. If it is a reminder/);
  expect(at('2026-01-03T09:00:00.000Z')).toMatch(/due at 2026-01-01T08:00:00.000Z and comes late\./);
});

test('a message that a person sends says nothing', () => {
  for (const none of [null, undefined])
    expect(scheduleNote({ schedule: none, acceptedAt: '2026-01-01T08:00:00.000Z' })).toBe('');
});
