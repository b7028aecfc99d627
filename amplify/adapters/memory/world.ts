import type { Capacity } from '../../core/capacity.ts';
import type { ChannelUpdatePorts } from '../../core/channel/channel-update-ports.ts';
import type { Eraser, Erasure } from '../../core/erasure.ts';
import type { Event } from '../../core/event.ts';
import { type Lease, leaseMs, livingSuccessor } from '../../core/lease.ts';
import { evolve } from '../../core/lease-event.ts';
import { newId } from '../../core/message-id.ts';
import { type MessageKey, pendingKey, type StoredMessage } from '../../core/message-row.ts';
import type { Courier, FileFetcher, Log } from '../../core/ports.ts';
import type { TaskEvent } from '../../core/task-event.ts';
import type { TaskSize } from '../../core/task-size.ts';
import type { SweepPorts } from '../../core/use-cases/sweep.ts';
import { memoryAllowances } from './allowances.ts';
import { memoryAlbums } from './channel-albums.ts';
import { memoryLinks } from './channel-links.ts';
import { memoryPlaces } from './channel-places.ts';
import { memoryConversations } from './conversations.ts';
import { memoryDeliveries } from './deliveries.ts';
import { memoryErasures } from './erasures.ts';
import { memoryFiles } from './files.ts';
import { memoryLeases } from './leases.ts';
import { memoryMessages } from './messages.ts';
import { memoryOwnerErasures } from './owner-erasures.ts';
import { memoryPublisher } from './publisher.ts';
import { memorySchedules } from './schedules.ts';
import { memorySettings } from './settings.ts';
import { memoryTaskRunner } from './task-runner.ts';
import { memoryTaskSessions } from './task-sessions.ts';
import { memoryUsage } from './usage.ts';

/**
 * A whole deployment in memory with a clock of its own, for tests. The functions' side is the ports;
 * the task's side is played by methods that follow docs/architecture.md, as the resolvers do.
 */
export function memoryWorld(start = Date.parse('2026-05-01T09:00:00.000Z')) {
  const clock = { now: start };
  const leases = memoryLeases();
  const messages = memoryMessages();
  const conversations = memoryConversations();
  const files = memoryFiles();
  const sessions = memoryTaskSessions();
  const settings = memorySettings();
  const allowances = memoryAllowances();
  const usage = memoryUsage();
  const publisher = memoryPublisher();
  const runner = memoryTaskRunner(() => clock.now);
  const deliveries = memoryDeliveries();
  const links = memoryLinks();
  const places = memoryPlaces();
  const albums = memoryAlbums();
  const schedules = memorySchedules();
  const erasures = memoryErasures();
  const marks = memoryOwnerErasures(settings.rows);
  const erasing: Erasure[] = [];
  const eraser: Eraser = { erase: async (erasure) => void erasing.push(erasure) };
  const couriers: { owner: string; id: string }[] = [];
  const courier: Courier = { send: async (to, { id }) => void couriers.push({ owner: to, id }) };
  const pushes: { owner: string; id: string }[] = [];
  const pushCourier: Courier = { send: async (to, { id }) => void pushes.push({ owner: to, id }) };
  const fetches: { owner: string; id: string; fileId?: string | undefined }[] = [];
  const fetcher: FileFetcher = {
    fetch: async (to, { id }, fileId) => void fetches.push({ owner: to, id, ...(fileId && { fileId }) }),
  };
  const logged: Record<string, unknown>[] = [];
  const log: Log = (entry) => void logged.push({ ...entry });
  const ports = {
    ...{
      leases,
      messages,
      conversations,
      files,
      sessions,
      settings,
      usage,
      allowances,
      publisher,
      courier,
      pushCourier,
      fetcher,
      runner,
      log,
    },
    ...{ deliveries, links, places, albums, outbox: deliveries, erasures, marks, eraser, schedules },
    hash: (text: string) => `hash of ${text}`,
    titles: { en: 'Pigeon', ko: '비둘기' },
    caps: {
      ...{ dayMicros: 5_000_000, monthMicros: 50_000_000, stopped: false as boolean },
      ...{ totalDayMicros: 20_000_000, totalMonthMicros: 200_000_000 },
    },
    sizes: { usual: { cpu: 1024, memory: 2048 }, largest: { cpu: 2048, memory: 4096 } },
    secondUsd: (_capacity: Capacity, { cpu }: TaskSize) => cpu / 1024 / 100_000,
    now: () => clock.now,
    ownerHash: (owner: string) => `hash-${owner.length}`,
    policy: 'spot-first' as const,
    limits: { messagesPerMinute: 100, messagesPerHour: 1_000, messagesPerDay: 10_000, tasksPerDay: 1_000 },
    longestMs: 12 * 60 * 60_000,
  } satisfies ChannelUpdatePorts & SweepPorts;

  const iso = () => new Date(clock.now).toISOString();
  const change = (owner: string, row: Partial<Lease>) => {
    const before = leases.rows.get(owner);
    if (before) leases.rows.set(owner, { ...before, ...row, revision: before.revision + 1 });
  };
  const rowOf = (owner: string, key: MessageKey) => `${owner} ${pendingKey(key)}`;

  return {
    clock,
    ports,
    ...{
      leases,
      messages,
      conversations,
      files,
      sessions,
      settings,
      usage,
      publisher,
      couriers,
      pushes,
      erasures,
      marks,
      erasing,
      fetches,
      deliveries,
      links,
      places,
      schedules,
      runner,
      logged,
    },

    /** A new, untitled conversation. */
    conversation(owner: string): string {
      const id = newId(clock.now);
      conversations.rows.set(`${owner} ${id}`, { id, title: '', createdAt: iso(), activeAt: iso() });
      return id;
    },
    /** What the resolver does that deletes a conversation. */
    deleteConversation(owner: string, conversationId: string) {
      conversations.remove(owner, conversationId);
      erasures.mark({ owner, conversationId }, clock.now);
    },
    lease: (owner: string): Lease | undefined => leases.rows.get(owner),
    message: (owner: string, key: MessageKey): StoredMessage | undefined =>
      messages.rows.get(rowOf(owner, key)),
    heard: (kind: Event['kind']): Event[] =>
      publisher.heard.map(({ event }) => event).filter((event) => event.kind === kind),

    /** The task reports `ready`. */
    ready: (owner: string) => change(owner, { state: 'awake', phase: 'ready' }),
    /** The task's heartbeat. */
    pull: (owner: string) => {
      const row = leases.rows.get(owner);
      if (row) leases.rows.set(owner, { ...row, leaseExpiresAt: clock.now + leaseMs });
    },
    /** The task takes a message; `more` is what it has done with it so far. */
    claim(owner: string, key: MessageKey, more: Partial<StoredMessage> = {}) {
      const row = messages.rows.get(rowOf(owner, key));
      const epoch = leases.rows.get(owner)?.epoch;
      if (row)
        messages.rows.set(rowOf(owner, key), { ...row, status: 'working', epoch, startedAt: iso(), ...more });
    },
    /** The task commits an end. */
    async commit(owner: string, key: MessageKey, end: Partial<StoredMessage>) {
      const row = messages.rows.get(rowOf(owner, key));
      if (row) messages.rows.set(rowOf(owner, key), { ...row, finishedAt: iso(), ...end });
      await leases.drop(owner, [pendingKey(key)], leases.rows.get(owner)?.wakeSeq ?? 0);
    },
    /** The task gives the lease back: to its successor, or to nobody if nobody rang since `wakeSeq`. */
    release(owner: string, wakeSeq: number): boolean {
      const row = leases.rows.get(owner);
      if (!row) return false;
      const isReady = livingSuccessor(row)?.taskId !== undefined;
      if (!isReady && (row.wakeSeq !== wakeSeq || row.pending.length > 0)) return false;
      leases.rows.set(owner, evolve(row, isReady ? { type: 'succeeded', at: clock.now } : { type: 'freed' }));
      return true;
    },
    /** The field keepAwake, for so many milliseconds. */
    keepAwake(owner: string, milliseconds: number) {
      const row = leases.rows.get(owner);
      if (row?.state !== 'waking' && row?.state !== 'awake') return;
      const { sleepRequested: _asked, ...rest } = row;
      const keepAwakeUntil = new Date(clock.now + milliseconds).toISOString();
      leases.rows.set(owner, { ...rest, keepAwakeUntil, revision: row.revision + 1 });
    },
    /** The field sleepNow. */
    sleepNow(owner: string) {
      const row = leases.rows.get(owner);
      if (row?.state !== 'waking' && row?.state !== 'awake') return;
      const { keepAwakeUntil: _until, ...rest } = row;
      leases.rows.set(owner, { ...rest, sleepRequested: true, revision: row.revision + 1 });
    },
    /** What EventBridge tells about a task. */
    taskEvent: (
      taskId: string,
      version: number,
      lastStatus: string,
      more: Partial<TaskEvent> = {},
    ): TaskEvent => ({
      taskArn: `arn:aws:ecs:us-east-1:111122223333:task/agents/${taskId}`,
      version,
      lastStatus,
      desiredStatus: lastStatus === 'STOPPED' ? 'STOPPED' : 'RUNNING',
      createdAt: iso(),
      ...more,
    }),
  };
}

export type MemoryWorld = ReturnType<typeof memoryWorld>;
