import { beforeEach, describe, expect, test } from 'vitest';
import { type MemoryWorld, memoryWorld } from '../../adapters/memory/world.ts';
import { newId } from '../message-id.ts';
import { listSchedules, saveSchedule } from './own-schedules.ts';
import { maxSchedules } from './schedule.ts';
import { maxScheduleText, type ScheduleInput } from './schedule-view.ts';

// The world begins on a Friday at 18:00 in Seoul.
const owner = 'ann';
let world: MemoryWorld;
let conversationId: string;
beforeEach(() => {
  world = memoryWorld();
  conversationId = world.conversation(owner);
});

const news = (change: Partial<ScheduleInput> = {}): ScheduleInput => ({
  ...{ id: newId(), conversationId, text: 'Send me the news', isOn: true },
  cadence: { kind: 'cron', expression: '0 8 * * 1-5', zone: 'Asia/Seoul' },
  ...change,
});
const save = (given: unknown, of = owner) => saveSchedule(world.ports, of, given);

describe('A schedule', () => {
  test('is on from its first time, and is its owner’s', async () => {
    const given = news();
    const { isOn: _isOn, ...rest } = given;
    const view = { ...rest, madeBy: 'person', nextAt: '2026-05-03T23:00:00.000Z' };
    expect(await save(given)).toEqual(view);
    expect(await listSchedules(world.ports, owner)).toEqual([view]);
    expect(await listSchedules(world.ports, 'bob')).toEqual([]);
  });

  test('saved again under its id is the same one, changed', async () => {
    const given = news();
    await save(given);
    await save({
      ...given,
      text: ' The weather \n',
      cadence: { kind: 'once', at: '2026-05-02T00:00:00.000Z' },
    });
    expect(await listSchedules(world.ports, owner)).toMatchObject([
      { id: given.id, text: 'The weather', nextAt: '2026-05-02T00:00:00.000Z' },
    ]);
  });

  test('keeps the time that is about to come when only its text changes, and begins anew when it is put on again', async () => {
    const given = news();
    await save(given);
    // Nobody has run it yet.
    world.clock.now = Date.parse('2026-05-03T23:00:30.000Z');
    expect(await save({ ...given, text: 'Changed' })).toMatchObject({ nextAt: '2026-05-03T23:00:00.000Z' });
    expect(await save({ ...given, isOn: false })).toMatchObject({ nextAt: null });
    expect(await save(given)).toMatchObject({ nextAt: '2026-05-04T23:00:00.000Z' });
  });

  test('that is off is listed last', async () => {
    const [off, later, sooner] = [
      news({ isOn: false }),
      news(),
      news({ cadence: { kind: 'once', at: '2026-05-01T10:00:00.000Z' } }),
    ];
    for (const each of [off, later, sooner]) await save(each);
    const ids = (await listSchedules(world.ports, owner)).map(({ id }) => id);
    expect(ids).toEqual([sooner.id, later.id, off.id]);
  });

  test.each([
    ['nothing that is one', () => ({ id: newId() }), 'schedule.invalid'],
    ['no text', () => news({ text: ' \n ' }), 'message.empty'],
    ['a text that is too long', () => news({ text: 'a'.repeat(maxScheduleText + 1) }), 'message.too_long'],
    ['a conversation that is not there', () => news({ conversationId: newId() }), 'conversation.not_found'],
    [
      'a conversation of somebody else',
      () => news({ conversationId: world.conversation('bob') }),
      'conversation.not_found',
    ],
    [
      'a time that has passed',
      () => news({ cadence: { kind: 'once', at: '2026-05-01T09:00:00.000Z' } }),
      'schedule.past',
    ],
  ])('with %s is refused, and nothing is changed', async (_name, make, code) => {
    const given = news();
    await save(given);
    const before = structuredClone(world.schedules.rows);
    await expect(save(make())).rejects.toMatchObject({ code });
    await expect(save({ ...make(), id: given.id })).rejects.toMatchObject({ code });
    expect(world.schedules.rows).toEqual(before);
  });

  test('is one of so many; those that are there can still be changed', async () => {
    const all = Array.from({ length: maxSchedules }, () => news());
    for (const each of all) await save(each);
    await expect(save(news())).rejects.toMatchObject({ code: 'schedule.too_many' });
    expect(await save({ ...all[0], text: 'Changed' })).toMatchObject({ text: 'Changed' });
    const bobs = world.conversation('bob');
    expect(await save(news({ conversationId: bobs }), 'bob')).toMatchObject({ conversationId: bobs });
  });
});
