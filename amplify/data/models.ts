import { a } from '@aws-amplify/backend';
import { iamOnly } from './iam-only.ts';

/** The rows: read and written by resolvers and functions, never through generated operations. */
export const models = {
  Conversation: a
    .model({
      owner: a.string().required(),
      id: a.string().required(),
      title: a.string(),
      activeAt: a.datetime(),
      createdAt: a.datetime(),
      /** Since when it stands above the others. */
      pinnedAt: a.datetime(),
      /** Of a deleted one nothing is left but its keys and what follows: nobody makes it again (core/erasure.ts). */
      deletedAt: a.datetime(),
      /** Only while its messages are still to be erased: the sweeper's sparse index. */
      erasureShard: a.string(),
      /** Milliseconds since 1970. */
      eraseAt: a.float(),
      /** Time to live, seconds since 1970. */
      expiresAt: a.integer(),
      /** What answers in it instead of the settings' model: core/conversation.ts ownModel. */
      model: a.json(),
    })
    .identifier(['owner', 'id'])
    .secondaryIndexes((index) => [
      index('owner').sortKeys(['activeAt']).name('byActivity').queryField(null),
      index('erasureShard').sortKeys(['eraseAt']).name('byErasure').queryField(null).projection('KEYS_ONLY'),
    ])
    .disableOperations(['queries', 'mutations', 'subscriptions'])
    .authorization((allow) => [allow.group(iamOnly)]),

  /** A user's message and the agent's answer to it. */
  Message: a
    .model({
      owner: a.string().required(),
      conversationId: a.string().required(),
      id: a.string().required(),
      text: a.string().required(),
      attachments: a.json(),
      /** What a machine understood of its voice: core/transcript.ts. */
      transcript: a.json(),
      channel: a.string().required(),
      /** What sent it, and for when: core/message.ts. */
      schedule: a.json(),
      status: a.string().required(),
      attempt: a.integer().required(),
      epoch: a.integer(),
      acceptedAt: a.datetime().required(),
      startedAt: a.datetime(),
      finishedAt: a.datetime(),
      answer: a.string(),
      seq: a.integer(),
      tools: a.json(),
      files: a.json(),
      /** Where files that a channel keeps can be had: core/message-row.ts. */
      sources: a.json(),
      /** More of an album may join until then. */
      joinsUntil: a.datetime(),
      /** Grows with every change of `attachments`. */
      filesRevision: a.integer(),
      /** Ids of the files that tasks were given a place for. */
      uploads: a.json(),
      /** The conversation's own model when this attempt was queued. */
      ownModel: a.json(),
      /** Only with files: the sparse index of the files page. */
      filedAt: a.datetime(),
      approval: a.json(),
      toolsRan: a.boolean(),
      /** How often a task has taken this attempt into work. */
      claims: a.integer(),
      stopRequested: a.boolean(),
      error: a.json(),
      usage: a.json(),
      model: a.string(),
      /** What the model thought, cut; not part of what pages of messages give. */
      thinking: a.string(),
      thinkingMs: a.integer(),
      /** Only while the message is not final: the sweeper's sparse index. */
      pendingShard: a.string(),
    })
    .identifier(['owner', 'conversationId', 'id'])
    .secondaryIndexes((index) => [
      index('pendingShard').sortKeys(['acceptedAt']).name('byPending').queryField(null),
      index('owner')
        .sortKeys(['filedAt'])
        .name('byFiles')
        .queryField(null)
        .projection('INCLUDE', ['conversationId', 'id', 'attachments', 'files']),
    ])
    .disableOperations(['queries', 'mutations', 'subscriptions'])
    .authorization((allow) => [allow.group(iamOnly)]),

  /** The lease: one row an owner, at most one task at a time. */
  Agent: a
    .model({
      owner: a.string().required(),
      revision: a.integer().required(),
      epoch: a.integer().required(),
      state: a.string().required(),
      taskId: a.string(),
      attempt: a.integer(),
      capacity: a.string(),
      /** Milliseconds since 1970. */
      leaseExpiresAt: a.float(),
      /** A task that boots while the holder is being stopped (core/lease.ts). */
      successor: a.json(),
      wakeSeq: a.integer().required(),
      /** `conversationId#id` of every message that is not final. */
      pending: a.string().array(),
      phase: a.string(),
      phaseAt: a.datetime(),
      wakeStartedAt: a.datetime(),
      /** The last wakes' durations, milliseconds. */
      wakeMs: a.integer().array(),
      sleepsAt: a.datetime(),
      sleepRequested: a.boolean(),
      keepAwakeUntil: a.datetime(),
      /** Wakes ahead of a message that got none, one after another. */
      unusedWakes: a.integer(),
      snapshot: a.json(),
      previousSnapshots: a.json(),
      error: a.json(),
      /** Only while a task may live: the sweeper's sparse index. */
      leaseShard: a.string(),
    })
    .identifier(['owner'])
    .secondaryIndexes((index) => [
      index('leaseShard').sortKeys(['leaseExpiresAt']).name('byLease').queryField(null),
    ])
    .disableOperations(['queries', 'mutations', 'subscriptions'])
    .authorization((allow) => [allow.group(iamOnly)]),

  /** Which owner a running task serves: what an `agent*` field finds the owner by. */
  TaskSession: a
    .model({
      taskId: a.string().required(),
      owner: a.string().required(),
      epoch: a.integer().required(),
      capacity: a.string().required(),
      startedAt: a.datetime().required(),
      runningAt: a.datetime(),
      stoppedAt: a.datetime(),
      stopReason: a.string(),
      /** Highest `detail.version` of the task events seen. */
      version: a.integer(),
      /** Time to live, seconds since 1970. */
      expiresAt: a.integer().required(),
    })
    .identifier(['taskId'])
    .secondaryIndexes((index) => [index('owner').name('byOwner').queryField(null).projection('KEYS_ONLY')])
    .disableOperations(['queries', 'mutations', 'subscriptions'])
    .authorization((allow) => [allow.group(iamOnly)]),

  /** How often an owner asked for something on a day: a counter a window, named by core/allowance.ts. */
  Allowance: a
    .model({
      owner: a.string().required(),
      day: a.string().required(),
      /** Time to live, seconds since 1970. */
      expiresAt: a.integer().required(),
    })
    .identifier(['owner', 'day'])
    .disableOperations(['queries', 'mutations', 'subscriptions'])
    .authorization((allow) => [allow.group(iamOnly)]),

  Settings: a
    .model({
      owner: a.string().required(),
      provider: a.string(),
      model: a.string(),
      baseUrl: a.string(),
      api: a.string(),
      modelPrice: a.json(),
      dayCapCents: a.integer(),
      monthCapCents: a.integer(),
      spendingStopped: a.boolean(),
      thinking: a.string(),
      idleSeconds: a.integer(),
      capacity: a.string(),
      taskSize: a.string(),
      language: a.string(),
      wakeAhead: a.string(),
      /** Since when all that the owner has is being erased: no message is taken and no task started (core/erasure.ts). */
      erasingSince: a.datetime(),
      takesAccount: a.boolean(),
      /** Only while something is still to be erased: the sweeper's sparse index. */
      erasureShard: a.string(),
      /** Milliseconds since 1970. */
      eraseAt: a.float(),
      /** Grows with each save; a save names the one that it saw. */
      revision: a.integer().required(),
    })
    .identifier(['owner'])
    .secondaryIndexes((index) => [
      index('erasureShard').sortKeys(['eraseAt']).name('byErasure').queryField(null).projection('KEYS_ONLY'),
    ])
    .disableOperations(['queries', 'mutations', 'subscriptions'])
    .authorization((allow) => [allow.group(iamOnly)]),

  /** Links of channels with owners, codes that make them, and which conversation a chat writes in: core/channel. */
  ChannelRow: a
    .model({
      /** Says what the row is, e.g. `user#<channel>#4711`. */
      id: a.string().required(),
      owner: a.string(),
      conversationId: a.string(),
      /** Of an album. */
      messageId: a.string(),
      channel: a.string(),
      userId: a.string(),
      name: a.string(),
      language: a.string(),
      linkedAt: a.datetime(),
      isActive: a.boolean(),
      count: a.integer(),
      since: a.float(),
      /** Of a place. */
      isPrivate: a.boolean(),
      /** Milliseconds since 1970, as `endsAt` of a code. */
      at: a.float(),
      endsAt: a.float(),
      /** Time to live, seconds since 1970. */
      expiresAt: a.integer(),
    })
    .identifier(['id'])
    .secondaryIndexes((index) => [index('owner').name('byOwner').queryField(null).projection('KEYS_ONLY')])
    .disableOperations(['queries', 'mutations', 'subscriptions'])
    .authorization((allow) => [allow.group(iamOnly)]),

  /** The outbox of a message that came by a channel: core/channel/delivery.ts. */
  Delivery: a
    .model({
      owner: a.string().required(),
      /** The message's. */
      id: a.string().required(),
      conversationId: a.string().required(),
      place: a.json().required(),
      replyTo: a.string(),
      language: a.string().required(),
      /** Milliseconds since 1970, as the other times of the row. */
      createdAt: a.float().required(),
      revision: a.integer().required(),
      heldUntil: a.float(),
      notBefore: a.float(),
      attempt: a.integer().required(),
      status: a.json(),
      draft: a.json(),
      draftless: a.boolean(),
      question: a.json(),
      parts: a.json(),
      doneAttempt: a.integer(),
      /** Only while something is left to bring: the sweeper's sparse index. */
      dueShard: a.string(),
      dueAt: a.float(),
      /** Time to live, seconds since 1970. */
      expiresAt: a.integer(),
    })
    .identifier(['owner', 'id'])
    .secondaryIndexes((index) => [index('dueShard').sortKeys(['dueAt']).name('byDue').queryField(null)])
    .disableOperations(['queries', 'mutations', 'subscriptions'])
    .authorization((allow) => [allow.group(iamOnly)]),

  /** Browsers of an owner that are pushed to: core/push/device.ts. */
  PushDevice: a
    .model({
      owner: a.string().required(),
      id: a.string().required(),
      endpoint: a.string().required(),
      p256dh: a.string().required(),
      auth: a.string().required(),
      name: a.string().required(),
      language: a.string().required(),
      showsText: a.boolean().required(),
      savedAt: a.datetime().required(),
    })
    .identifier(['owner', 'id'])
    .disableOperations(['queries', 'mutations', 'subscriptions'])
    .authorization((allow) => [allow.group(iamOnly)]),

  /** Messages that are sent at their time: core/schedule/schedule.ts. */
  Schedule: a
    .model({
      owner: a.string().required(),
      id: a.string().required(),
      conversationId: a.string().required(),
      text: a.string().required(),
      cadence: a.json().required(),
      madeBy: a.string().required(),
      createdAt: a.datetime().required(),
      /** Milliseconds since 1970, as `begunAt`. */
      nextAt: a.float(),
      begunAt: a.float(),
      lastRun: a.json(),
      revision: a.integer().required(),
      /** Only while it is on: the sparse index of what runs schedules. */
      scheduleShard: a.string(),
    })
    .identifier(['owner', 'id'])
    .secondaryIndexes((index) => [
      index('scheduleShard').sortKeys(['nextAt']).name('byNext').queryField(null).projection('KEYS_ONLY'),
    ])
    .disableOperations(['queries', 'mutations', 'subscriptions'])
    .authorization((allow) => [allow.group(iamOnly)]),

  /** What an owner has used and reserved: a row a month, and one a month and conversation; core/usage.ts. */
  Usage: a
    .model({
      owner: a.string().required(),
      period: a.string().required(),
      /** Micros of US dollars. Further attributes have a day, a task or a call in their names. */
      counted: a.float(),
    })
    .identifier(['owner', 'period'])
    .disableOperations(['queries', 'mutations', 'subscriptions'])
    .authorization((allow) => [allow.group(iamOnly)]),
};
