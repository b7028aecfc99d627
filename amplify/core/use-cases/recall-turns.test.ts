import { beforeEach, expect, test } from 'vitest';
import { type MemoryWorld, memoryWorld } from '../../adapters/memory/world.ts';
import { newId } from '../message-id.ts';
import type { StoredMessage } from '../message-row.ts';
import { acceptMessage } from './accept-message.ts';
import { recallTurns } from './recall-turns.ts';

const owner = 'ann';
const task = { owner, epoch: 1, taskId: 'task1' };
let world: MemoryWorld;
let conversationId: string;
const minute = 60_000;

/** A message that ends after some minutes. */
async function turn(text: string, end: Partial<StoredMessage>, takes = 1): Promise<void> {
  const key = { owner, conversationId, id: newId(world.clock.now) };
  await acceptMessage(world.ports, { ...key, text });
  world.claim(owner, key);
  world.clock.now += takes * minute;
  world.pull(owner);
  await world.commit(owner, key, end);
}
const recall = async (since: string | null) =>
  (await recallTurns(world.ports, task, since)).map(({ text, answer }) => `${text} → ${answer}`);
const now = () => new Date(world.clock.now).toISOString();

beforeEach(() => {
  world = memoryWorld();
  conversationId = world.conversation(owner);
});

test('gives what ended since then, in the order of the ends, across conversations', async () => {
  await turn('old', { status: 'answered', answer: 'a' });
  world.clock.now += minute;
  const since = now();
  await turn('long', { status: 'answered', answer: 'b' }, 90);
  conversationId = world.conversation(owner);
  await turn('other', { status: 'stopped', answer: 'c' });
  expect(await recall(since)).toEqual(['long → b', 'other → c']);
  expect(await recall(null)).toEqual(['old → a', 'long → b', 'other → c']);
});

test('leaves out what left nothing to remember, and other people’s', async () => {
  await turn('failed', { status: 'failed', answer: 'half' });
  await turn('cut off', { status: 'interrupted', answer: 'half' });
  await turn('stopped at once', { status: 'stopped', answer: '' });
  await turn('kept', { status: 'answered', answer: 'x' });
  const theirs = { owner: 'bob', conversationId: world.conversation('bob'), id: newId(world.clock.now) };
  await acceptMessage(world.ports, { ...theirs, text: 'secret' });
  await world.commit('bob', theirs, { status: 'answered', answer: 'secret' });
  expect(await recall(null)).toEqual(['kept → x']);
});

test('leaves out the oldest where all would be too much for one answer', async () => {
  for (let n = 1; n <= 12; n += 1) await turn(`${n}`, { status: 'answered', answer: 'x'.repeat(60_000) });
  const turns = await recallTurns(world.ports, task, null);
  expect(turns.map(({ text }) => text)).toEqual(['5', '6', '7', '8', '9', '10', '11', '12']);
  expect(JSON.stringify(turns).length).toBeLessThan(1_000_000);
});

test('is refused to a task that does not hold the lease', async () => {
  await turn('mine', { status: 'answered', answer: 'x' });
  await expect(recallTurns(world.ports, { ...task, epoch: 7 }, null)).rejects.toThrow('unauthorized');
});
