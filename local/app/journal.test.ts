import { mkdtempSync, readFileSync, rmSync, statSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type JournalEvent, lineFor, openJournal } from './journal.ts';

const output = (record: object): JournalEvent => ({
  service: 'ecs',
  event: 'task.output',
  task: '0123456789abcdef',
  line: JSON.stringify(record),
});

test.each<[string, JournalEvent, string | undefined]>([
  [
    'an agent that is called',
    { event: 'task.status', task: 'x-abcdef', status: 'PROVISIONING' },
    'Agent abcdef is called.',
  ],
  ['no step between', { event: 'task.status', task: 'x-abcdef', status: 'PENDING' }, undefined],
  [
    'an agent that leaves by itself',
    {
      event: 'task.status',
      task: 'x-abcdef',
      status: 'STOPPED',
      reason: 'Essential container in task exited',
    },
    'Agent abcdef has left.',
  ],
  [
    'an agent that was taken away',
    { event: 'task.status', task: 'x-abcdef', status: 'STOPPED', reason: 'Your Spot Task was interrupted.' },
    'Agent abcdef has left: Your Spot Task was interrupted.',
  ],
  ['no everyday line', output({ level: 'info', event: 'task.phase' }), undefined],
  [
    'what an agent warns of',
    output({ level: 'warn', event: 'model.refused', error: '401' }),
    '! Agent abcdef: model.refused 401',
  ],
  ['no line that is no record', { event: 'task.output', task: 'x', line: 'plain text' }, undefined],
  [
    'a fault of the local cloud',
    { service: 's3', event: 'internal', error: 'Error: x' },
    '! s3 internal: Error: x',
  ],
])('the console shows %s', (_, event, line) => {
  expect(lineFor(event)).toBe(line);
});

test('the journal keeps every event, and begins a new file when the old one is large', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'journal-'));
  const seen: JournalEvent[] = [];
  const first = openJournal(folder, (event) => seen.push(event));
  first.write({ event: 'a' });
  await first.close();
  const file = join(folder, 'app.jsonl');
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ event: 'a' });
  expect(seen).toEqual([{ event: 'a' }]);
  truncateSync(file, 11 * 1024 * 1024);
  await openJournal(folder, () => {}).close();
  expect(statSync(file).size).toBe(0);
  rmSync(folder, { recursive: true });
});
