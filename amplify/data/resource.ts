import { a, type ClientSchema, defineData } from '@aws-amplify/backend';
import { linkChannel } from '../functions/link-channel/resource.ts';
import { manageKey } from '../functions/manage-key/resource.ts';
import { retryMessage } from '../functions/retry-message/resource.ts';
import { sendMessage } from '../functions/send-message/resource.ts';
import { serveFiles } from '../functions/serve-files/resource.ts';
import { serveSnapshots } from '../functions/serve-snapshots/resource.ts';
import { testModel } from '../functions/test-model/resource.ts';
import { wakeAgent } from '../functions/wake-agent/resource.ts';

/**
 * The wire contract. Three kinds of fields (docs/architecture.md):
 * users' fields find the owner in the caller's token and take none;
 * `agent*` fields are for a task: IAM only, the owner found from the task's own identity;
 * `system*` fields are for functions: IAM only, the only ones that name an owner.
 * Rows are read and written through resolvers in `resolvers/`, never through generated operations.
 */

/** A rule that no user meets: the field is left to IAM, granted one by one in backend.ts. */
const iamOnly = 'iam-only-no-such-group';

const schema = a.schema({
  Conversation: a
    .model({
      owner: a.string().required(),
      id: a.string().required(),
      title: a.string().required(),
      activeAt: a.datetime().required(),
      createdAt: a.datetime().required(),
      /** Since when it stands above the others. */
      pinnedAt: a.datetime(),
    })
    .identifier(['owner', 'id'])
    .secondaryIndexes((index) => [index('owner').sortKeys(['activeAt']).name('byActivity').queryField(null)])
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
      channel: a.string().required(),
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
      /** Ids of the files that tasks were given a place for. */
      uploads: a.json(),
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
      idleSeconds: a.integer(),
      capacity: a.string(),
      language: a.string(),
      wakeAhead: a.string(),
      /** Grows with each save; a save names the one that it saw. */
      revision: a.integer().required(),
    })
    .identifier(['owner'])
    .disableOperations(['queries', 'mutations', 'subscriptions'])
    .authorization((allow) => [allow.group(iamOnly)]),

  /** Links of channels with owners, codes that make them, and which conversation a chat writes in: core/channel. */
  ChannelRow: a
    .model({
      /** Says what the row is, e.g. `user#telegram#4711`. */
      id: a.string().required(),
      owner: a.string(),
      conversationId: a.string(),
      channel: a.string(),
      userId: a.string(),
      name: a.string(),
      language: a.string(),
      linkedAt: a.datetime(),
      isActive: a.boolean(),
      count: a.integer(),
      since: a.float(),
      /** Milliseconds since 1970, as `endsAt` of a code. */
      at: a.float(),
      endsAt: a.float(),
      /** Time to live, seconds since 1970. */
      expiresAt: a.integer(),
    })
    .identifier(['id'])
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

  // ---- what goes over the wire -------------------------------------------------------------

  /** core/event.ts */
  Event: a.customType({
    owner: a.string().required(),
    kind: a.string().required(),
    conversationId: a.string(),
    messageId: a.string(),
    body: a.json().required(),
  }),
  ConversationPage: a.customType({
    /** core/conversation.ts, as JSON. */
    items: a.json().required(),
    /** With the first page: the pinned ones, wherever they stand in the list. */
    pinned: a.json(),
    nextToken: a.string(),
  }),
  SearchPage: a.customType({
    /** core/search.ts, as JSON. */
    items: a.json().required(),
    nextToken: a.string(),
  }),
  FilePage: a.customType({
    /** core/file-entry.ts, as JSON, newest first. */
    items: a.json().required(),
    nextToken: a.string(),
  }),
  MessagePage: a.customType({
    /** core/message.ts, as JSON, newest first. */
    items: a.json().required(),
    nextToken: a.string(),
  }),

  // ---- users' fields -----------------------------------------------------------------------
  // Not named like the operations that Amplify generates for a model (getMessage, listMessages): although those are
  // disabled, its transformer gives fields of these names the model's keys as arguments.

  conversations: a
    .query()
    .arguments({ nextToken: a.string() })
    .returns(a.ref('ConversationPage'))
    .handler([
      a.handler.custom({ dataSource: a.ref('Conversation'), entry: './resolvers/list-pinned.js' }),
      a.handler.custom({ dataSource: a.ref('Conversation'), entry: './resolvers/list-conversations.js' }),
      a.handler.custom({ entry: './resolvers/conversation-view.js' }),
    ])
    .authorization((allow) => [allow.authenticated()]),
  messages: a
    .query()
    .arguments({ conversationId: a.string().required(), limit: a.integer(), nextToken: a.string() })
    .returns(a.ref('MessagePage'))
    .handler([
      a.handler.custom({ dataSource: a.ref('Conversation'), entry: './resolvers/find-conversation.js' }),
      a.handler.custom({ dataSource: a.ref('Message'), entry: './resolvers/list-messages.js' }),
      a.handler.custom({ entry: './resolvers/message-view.js' }),
    ])
    .authorization((allow) => [allow.authenticated()]),
  /** Messages that hold a text, of the conversations with ids `from` to `to`: a page of what was looked at. */
  searchMessages: a
    .query()
    .arguments({
      text: a.string().required(),
      from: a.string().required(),
      to: a.string().required(),
      nextToken: a.string(),
    })
    .returns(a.ref('SearchPage'))
    .handler(a.handler.custom({ dataSource: a.ref('Message'), entry: './resolvers/search-messages.js' }))
    .authorization((allow) => [allow.authenticated()]),
  /** One message with its last checkpoint, as JSON; null when there is none. */
  message: a
    .query()
    .arguments({ conversationId: a.string().required(), id: a.string().required() })
    .returns(a.json())
    .handler([
      a.handler.custom({ dataSource: a.ref('Conversation'), entry: './resolvers/find-conversation.js' }),
      a.handler.custom({ dataSource: a.ref('Message'), entry: './resolvers/get-message.js' }),
      a.handler.custom({ entry: './resolvers/message-view.js' }),
    ])
    .authorization((allow) => [allow.authenticated()]),
  /** core/agent.ts, as JSON. */
  agent: a
    .query()
    .returns(a.json())
    .handler([
      a.handler.custom({ dataSource: a.ref('Agent'), entry: './resolvers/get-agent.js' }),
      a.handler.custom({ entry: './resolvers/agent-view.js' }),
    ])
    .authorization((allow) => [allow.authenticated()]),
  /** `{settings, revision}` of core/settings.ts, as JSON. */
  settings: a
    .query()
    .returns(a.json())
    .handler(a.handler.custom({ dataSource: a.ref('Settings'), entry: './resolvers/get-settings.js' }))
    .authorization((allow) => [allow.authenticated()]),

  /** `{rows, nextToken, caps, deployment, region}`: core/usage.ts monthUsageOf reads the rows. `month`: 2026-11. */
  usage: a
    .query()
    .arguments({ month: a.string().required(), nextToken: a.string() })
    .returns(a.json())
    .handler([
      a.handler.custom({ dataSource: a.ref('Settings'), entry: './resolvers/read-caps.js' }),
      a.handler.custom({ dataSource: a.ref('Usage'), entry: './resolvers/list-usage.js' }),
    ])
    .authorization((allow) => [allow.authenticated()]),

  /** What may be seen of the caller's provider key: core/provider-key.ts `keyView`, as JSON; null when there is none. */
  providerKey: a
    .query()
    .returns(a.json())
    .handler(a.handler.function(manageKey))
    .authorization((allow) => [allow.authenticated()]),
  /** Stores a key for one provider; nothing ever gives it back. Gives `keyView`. */
  saveProviderKey: a
    .mutation()
    .arguments({ provider: a.string().required(), key: a.string().required() })
    .returns(a.json())
    .handler(a.handler.function(manageKey))
    .authorization((allow) => [allow.authenticated()]),
  deleteProviderKey: a
    .mutation()
    .returns(a.json())
    .handler(a.handler.function(manageKey))
    .authorization((allow) => [allow.authenticated()]),
  /**
   * Tries a model with one tiny call. `trial`: `{provider, model, baseUrl, api, price}` of core/settings.ts as JSON;
   * `key`: one that is not stored yet. Gives core/model-test.ts `modelVerdict` as JSON.
   */
  testModel: a
    .mutation()
    .arguments({ trial: a.json().required(), key: a.string() })
    .returns(a.json())
    .handler(a.handler.function(testModel))
    .authorization((allow) => [allow.authenticated()]),

  createConversation: a
    .mutation()
    .arguments({ id: a.string().required(), title: a.string().required() })
    .returns(a.ref('Event'))
    .handler([
      a.handler.custom({ dataSource: a.ref('Conversation'), entry: './resolvers/create-conversation.js' }),
      a.handler.custom({ entry: './resolvers/conversation-view.js' }),
      a.handler.custom({ entry: './resolvers/conversation-changed.js' }),
    ])
    .authorization((allow) => [allow.authenticated()]),
  renameConversation: a
    .mutation()
    .arguments({ id: a.string().required(), title: a.string().required() })
    .returns(a.ref('Event'))
    .handler([
      a.handler.custom({ dataSource: a.ref('Conversation'), entry: './resolvers/rename-conversation.js' }),
      a.handler.custom({ entry: './resolvers/conversation-view.js' }),
      a.handler.custom({ entry: './resolvers/conversation-changed.js' }),
    ])
    .authorization((allow) => [allow.authenticated()]),
  pinConversation: a
    .mutation()
    .arguments({ id: a.string().required(), pinned: a.boolean().required() })
    .returns(a.ref('Event'))
    .handler([
      a.handler.custom({ dataSource: a.ref('Conversation'), entry: './resolvers/pin-conversation.js' }),
      a.handler.custom({ entry: './resolvers/conversation-view.js' }),
      a.handler.custom({ entry: './resolvers/conversation-changed.js' }),
    ])
    .authorization((allow) => [allow.authenticated()]),
  deleteConversation: a
    .mutation()
    .arguments({ id: a.string().required() })
    .returns(a.ref('Event'))
    .handler(
      a.handler.custom({ dataSource: a.ref('Conversation'), entry: './resolvers/delete-conversation.js' }),
    )
    .authorization((allow) => [allow.authenticated()]),
  /**
   * Accepts a message under the client's id; the same id again is the same message. Gives core/message.ts as JSON.
   * `attachments`: what uploadFile gave for each uploaded file, as JSON.
   */
  sendMessage: a
    .mutation()
    .arguments({
      conversationId: a.string().required(),
      id: a.string().required(),
      text: a.string().required(),
      attachments: a.json(),
    })
    .returns(a.json())
    .handler(a.handler.function(sendMessage))
    .authorization((allow) => [allow.authenticated()]),
  /** Starts a failed, stopped or interrupted message anew, as its next attempt. */
  retryMessage: a
    .mutation()
    .arguments({
      conversationId: a.string().required(),
      id: a.string().required(),
      attempt: a.integer().required(),
    })
    .returns(a.json())
    .handler(a.handler.function(retryMessage))
    .authorization((allow) => [allow.authenticated()]),
  stopMessage: a
    .mutation()
    .arguments({ conversationId: a.string().required(), id: a.string().required() })
    .returns(a.ref('Event'))
    .handler([
      a.handler.custom({ dataSource: a.ref('Agent'), entry: './resolvers/note-rings.js' }),
      a.handler.custom({ dataSource: a.ref('Message'), entry: './resolvers/stop-message.js' }),
      a.handler.custom({ dataSource: a.ref('Message'), entry: './resolvers/finish-stopped.js' }),
      a.handler.custom({ dataSource: a.ref('Agent'), entry: './resolvers/drop-pending.js' }),
      a.handler.custom({ entry: './resolvers/message-view.js' }),
      a.handler.custom({ entry: './resolvers/message-ended.js' }),
    ])
    .authorization((allow) => [allow.authenticated()]),
  /** `decision`: allow-once or deny. */
  decideApproval: a
    .mutation()
    .arguments({
      conversationId: a.string().required(),
      id: a.string().required(),
      approvalId: a.string().required(),
      decision: a.string().required(),
    })
    .returns(a.ref('Event'))
    .handler(a.handler.custom({ dataSource: a.ref('Message'), entry: './resolvers/decide-approval.js' }))
    .authorization((allow) => [allow.authenticated()]),
  /** `settings`: core/settings.ts as JSON; `revision`: the one that was seen. */
  saveSettings: a
    .mutation()
    .arguments({ settings: a.json().required(), revision: a.integer().required() })
    .returns(a.ref('Event'))
    .handler(a.handler.custom({ dataSource: a.ref('Settings'), entry: './resolvers/save-settings.js' }))
    .authorization((allow) => [allow.authenticated()]),

  /**
   * Wakes the caller's agent ahead of a message, if the settings let it. `hint`: `open` (a page was opened) or `typing`
   * (a first key). Gives core/agent.ts as JSON.
   */
  wakeAgent: a
    .mutation()
    .arguments({ hint: a.string().required() })
    .returns(a.json())
    .handler(a.handler.function(wakeAgent))
    .authorization((allow) => [allow.authenticated()]),
  /** Keeps an agent awake that is awake or on its way; without `until` its idle time counts again. Gives agent.changed. */
  keepAwake: a
    .mutation()
    .arguments({ until: a.datetime() })
    .returns(a.ref('Event'))
    .handler([
      a.handler.custom({ dataSource: a.ref('Agent'), entry: './resolvers/keep-awake.js' }),
      a.handler.custom({ entry: './resolvers/agent-view.js' }),
      a.handler.custom({ entry: './resolvers/agent-changed.js' }),
    ])
    .authorization((allow) => [allow.authenticated()]),
  /** Lets the agent leave as soon as it has nothing to do. Gives agent.changed. */
  sleepNow: a
    .mutation()
    .returns(a.ref('Event'))
    .handler([
      a.handler.custom({ dataSource: a.ref('Agent'), entry: './resolvers/sleep-now.js' }),
      a.handler.custom({ entry: './resolvers/agent-view.js' }),
      a.handler.custom({ entry: './resolvers/agent-changed.js' }),
    ])
    .authorization((allow) => [allow.authenticated()]),
  /** The caller's messages that have files, also while the agent sleeps. */
  files: a
    .query()
    .arguments({ nextToken: a.string() })
    .returns(a.ref('FilePage'))
    .handler([
      a.handler.custom({ dataSource: a.ref('Message'), entry: './resolvers/list-files.js' }),
      a.handler.custom({ dataSource: a.ref('Conversation'), entry: './resolvers/name-files.js' }),
    ])
    .authorization((allow) => [allow.authenticated()]),
  /** Where to put a new file before a message names it: core/attachment.ts `fileUpload`, as JSON. `sha256`: of its bytes, hex. */
  uploadFile: a
    .mutation()
    .arguments({
      name: a.string().required(),
      type: a.string().required(),
      size: a.integer().required(),
      sha256: a.string().required(),
    })
    .returns(a.json())
    .handler(a.handler.function(serveFiles))
    .authorization((allow) => [allow.authenticated()]),
  /** Where to read a file that a message or its answer names: core/presigned.ts, as JSON. */
  downloadFile: a
    .mutation()
    .arguments({
      conversationId: a.string().required(),
      messageId: a.string().required(),
      id: a.string().required(),
    })
    .returns(a.json())
    .handler(a.handler.function(serveFiles))
    .authorization((allow) => [allow.authenticated()]),
  /** Deletes a file's bytes. Gives the message, which goes on naming it as deleted, as JSON. */
  deleteFile: a
    .mutation()
    .arguments({
      conversationId: a.string().required(),
      messageId: a.string().required(),
      id: a.string().required(),
    })
    .returns(a.json())
    .handler(a.handler.function(serveFiles))
    .authorization((allow) => [allow.authenticated()]),
  /** core/channel/channel-view.ts `channelView`, one for each channel, as JSON. */
  channels: a
    .query()
    .returns(a.json())
    .handler(a.handler.function(linkChannel))
    .authorization((allow) => [allow.authenticated()]),
  /** A code that links a person of the channel with the caller, once: `channelCode`, as JSON. */
  makeChannelCode: a
    .mutation()
    .arguments({ channel: a.string().required() })
    .returns(a.json())
    .handler(a.handler.function(linkChannel))
    .authorization((allow) => [allow.authenticated()]),
  /** Ends the caller's link. Gives the channel as it is then. */
  unlinkChannel: a
    .mutation()
    .arguments({ channel: a.string().required() })
    .returns(a.json())
    .handler(a.handler.function(linkChannel))
    .authorization((allow) => [allow.authenticated()]),
  /** Saved states of the agent: core/snapshot.ts `ownSnapshot`, a list as JSON. */
  snapshots: a
    .query()
    .returns(a.json())
    .handler(a.handler.function(serveSnapshots))
    .authorization((allow) => [allow.authenticated()]),
  /** Lets the sleeping agent begin with another saved state when it wakes. Gives the list as it then stands, as JSON. */
  restoreSnapshot: a
    .mutation()
    .arguments({ id: a.string().required() })
    .returns(a.json())
    .handler(a.handler.function(serveSnapshots))
    .authorization((allow) => [allow.authenticated()]),
  /** Where to get a saved state as a file: core/snapshot.ts `snapshotExport`, as JSON. */
  exportSnapshot: a
    .mutation()
    .arguments({ id: a.string().required() })
    .returns(a.json())
    .handler(a.handler.function(serveSnapshots))
    .authorization((allow) => [allow.authenticated()]),

  onEvent: a
    .subscription()
    .for([
      a.ref('systemPublish'),
      a.ref('agentPublish'),
      a.ref('agentClaim'),
      a.ref('agentCommit'),
      a.ref('agentReport'),
      a.ref('agentRelease'),
      a.ref('createConversation'),
      a.ref('renameConversation'),
      a.ref('pinConversation'),
      a.ref('deleteConversation'),
      a.ref('stopMessage'),
      a.ref('decideApproval'),
      a.ref('saveSettings'),
      a.ref('keepAwake'),
      a.ref('sleepNow'),
    ])
    .handler(a.handler.custom({ entry: './resolvers/on-event.js' }))
    .authorization((allow) => [allow.authenticated()]),

  // ---- a task's fields ---------------------------------------------------------------------
  // Each begins with authorize-task.js: task id from the caller's session name -> TaskSession -> owner, epoch.

  /** core/task-grant.ts `taskGrant`, as JSON. */
  agentOpenSession: a
    .mutation()
    .returns(a.json())
    .handler([
      a.handler.custom({ dataSource: a.ref('TaskSession'), entry: './resolvers/authorize-task.js' }),
      a.handler.custom({ dataSource: 'ServeTask', entry: './resolvers/serve-task.js' }),
    ])
    .authorization((allow) => [allow.group(iamOnly)]),
  /** Turns that became final since a time, or of all times: core/task-grant.ts `pastTurn`, a list as JSON. */
  agentRecall: a
    .mutation()
    .arguments({ since: a.datetime() })
    .returns(a.json())
    .handler([
      a.handler.custom({ dataSource: a.ref('TaskSession'), entry: './resolvers/authorize-task.js' }),
      a.handler.custom({ dataSource: 'ServeTask', entry: './resolvers/serve-task.js' }),
    ])
    .authorization((allow) => [allow.group(iamOnly)]),
  /** Where to upload a snapshot: core/task-grant.ts `snapshotUpload`, as JSON. */
  agentUploadSnapshot: a
    .mutation()
    .arguments({ size: a.integer().required(), sha256: a.string().required(), seq: a.integer().required() })
    .returns(a.json())
    .handler([
      a.handler.custom({ dataSource: a.ref('TaskSession'), entry: './resolvers/authorize-task.js' }),
      a.handler.custom({ dataSource: 'ServeTask', entry: './resolvers/serve-task.js' }),
    ])
    .authorization((allow) => [allow.group(iamOnly)]),
  /** Where to read the files that were sent with a message: core/task-grant.ts `taskFileDownload`, a list as JSON. */
  agentDownloadFiles: a
    .mutation()
    .arguments({ conversationId: a.string().required(), id: a.string().required() })
    .returns(a.json())
    .handler([
      a.handler.custom({ dataSource: a.ref('TaskSession'), entry: './resolvers/authorize-task.js' }),
      a.handler.custom({ dataSource: 'ServeTask', entry: './resolvers/serve-task.js' }),
    ])
    .authorization((allow) => [allow.group(iamOnly)]),
  /** Where to put a file for the answer: core/attachment.ts `fileUpload`, as JSON. The message must be in work. */
  agentUploadFile: a
    .mutation()
    .arguments({
      conversationId: a.string().required(),
      id: a.string().required(),
      attempt: a.integer().required(),
      name: a.string().required(),
      type: a.string().required(),
      size: a.integer().required(),
      sha256: a.string().required(),
    })
    .returns(a.json())
    .handler([
      a.handler.custom({ dataSource: a.ref('TaskSession'), entry: './resolvers/authorize-task.js' }),
      a.handler.custom({ dataSource: a.ref('Message'), entry: './resolvers/note-upload.js' }),
      a.handler.custom({ dataSource: 'ServeTask', entry: './resolvers/serve-task.js' }),
    ])
    .authorization((allow) => [allow.group(iamOnly)]),
  /** The heartbeat: renews the lease, gives what waits: core/task-grant.ts `pullResult`, as JSON. */
  agentPull: a
    .mutation()
    .arguments({ sleepsAt: a.datetime() })
    .returns(a.json())
    .handler([
      a.handler.custom({ dataSource: a.ref('TaskSession'), entry: './resolvers/authorize-task.js' }),
      a.handler.custom({ dataSource: a.ref('Agent'), entry: './resolvers/renew-lease.js' }),
      a.handler.custom({ dataSource: a.ref('Message'), entry: './resolvers/read-pending.js' }),
      a.handler.custom({ dataSource: a.ref('Agent'), entry: './resolvers/drop-pending.js' }),
      a.handler.custom({ entry: './resolvers/message-view.js' }),
      a.handler.custom({ entry: './resolvers/pull-result.js' }),
    ])
    .authorization((allow) => [allow.group(iamOnly)]),
  /** Takes a message into work. Gives message.started. A message that is not takeable is an error. */
  agentClaim: a
    .mutation()
    .arguments({
      conversationId: a.string().required(),
      id: a.string().required(),
      attempt: a.integer().required(),
    })
    .returns(a.ref('Event'))
    .handler([
      a.handler.custom({ dataSource: a.ref('TaskSession'), entry: './resolvers/authorize-task.js' }),
      a.handler.custom({ dataSource: a.ref('Agent'), entry: './resolvers/read-lease.js' }),
      a.handler.custom({ dataSource: a.ref('Message'), entry: './resolvers/claim-message.js' }),
    ])
    .authorization((allow) => [allow.group(iamOnly)]),
  /** Tells the owner's pages something that is not stored: deltas, tools, progress, approvals. */
  agentPublish: a
    .mutation()
    .arguments({
      kind: a.string().required(),
      conversationId: a.string().required(),
      messageId: a.string().required(),
      body: a.json().required(),
    })
    .returns(a.ref('Event'))
    .handler([
      a.handler.custom({ dataSource: a.ref('TaskSession'), entry: './resolvers/authorize-task.js' }),
      a.handler.custom({ entry: './resolvers/publish.js' }),
    ])
    .authorization((allow) => [allow.group(iamOnly)]),
  /** Stores a partial answer; also the durable mark that a tool is about to run (`toolsRan`), and an approval that waits. */
  agentCheckpoint: a
    .mutation()
    .arguments({
      conversationId: a.string().required(),
      id: a.string().required(),
      attempt: a.integer().required(),
      seq: a.integer(),
      answer: a.string(),
      tools: a.json(),
      approval: a.json(),
      toolsRan: a.boolean(),
    })
    .returns(a.boolean())
    .handler([
      a.handler.custom({ dataSource: a.ref('TaskSession'), entry: './resolvers/authorize-task.js' }),
      a.handler.custom({ dataSource: a.ref('Message'), entry: './resolvers/checkpoint-message.js' }),
    ])
    .authorization((allow) => [allow.group(iamOnly)]),
  /** Makes a message final. Gives message.finished. */
  agentCommit: a
    .mutation()
    .arguments({
      conversationId: a.string().required(),
      id: a.string().required(),
      attempt: a.integer().required(),
      status: a.string().required(),
      seq: a.integer().required(),
      answer: a.string().required(),
      tools: a.json().required(),
      /** core/attachment.ts, of what agentUploadFile gave a place for. */
      files: a.json(),
      error: a.json(),
      usage: a.json(),
      model: a.string(),
    })
    .returns(a.ref('Event'))
    .handler([
      a.handler.custom({ dataSource: a.ref('TaskSession'), entry: './resolvers/authorize-task.js' }),
      a.handler.custom({ dataSource: a.ref('Agent'), entry: './resolvers/note-rings.js' }),
      a.handler.custom({ dataSource: a.ref('Message'), entry: './resolvers/commit-message.js' }),
      a.handler.custom({ dataSource: a.ref('Agent'), entry: './resolvers/drop-pending.js' }),
      a.handler.custom({ entry: './resolvers/message-view.js' }),
      a.handler.custom({ entry: './resolvers/message-ended.js' }),
    ])
    .authorization((allow) => [allow.group(iamOnly)]),
  /** Reserves what a model call may cost, micros. Gives `{day}` as JSON; refused with spending.… beyond the caps. */
  agentReserveSpending: a
    .mutation()
    .arguments({ id: a.string().required(), amount: a.float().required() })
    .returns(a.json())
    .handler([
      a.handler.custom({ dataSource: a.ref('TaskSession'), entry: './resolvers/authorize-task.js' }),
      a.handler.custom({ dataSource: a.ref('Settings'), entry: './resolvers/read-caps.js' }),
      a.handler.custom({ dataSource: a.ref('Usage'), entry: './resolvers/reserve-spending.js' }),
    ])
    .authorization((allow) => [allow.group(iamOnly)]),
  /** Counts what the call came to instead. */
  agentSettleSpending: a
    .mutation()
    .arguments({
      id: a.string().required(),
      day: a.string().required(),
      amount: a.float().required(),
      cost: a.float().required(),
      conversationId: a.string(),
      inputTokens: a.integer().required(),
      outputTokens: a.integer().required(),
      cachedTokens: a.integer().required(),
    })
    .returns(a.boolean())
    .handler([
      a.handler.custom({ dataSource: a.ref('TaskSession'), entry: './resolvers/authorize-task.js' }),
      a.handler.custom({ dataSource: a.ref('Usage'), entry: './resolvers/settle-spending.js' }),
      a.handler.custom({ dataSource: a.ref('Usage'), entry: './resolvers/book-conversation.js' }),
    ])
    .authorization((allow) => [allow.group(iamOnly)]),
  /** Says how far the wake is (`ready` adds its duration to wakeMs), or when the agent sleeps. Gives agent.changed. */
  agentReport: a
    .mutation()
    .arguments({ phase: a.string(), sleepsAt: a.datetime(), error: a.json() })
    .returns(a.ref('Event'))
    .handler([
      a.handler.custom({ dataSource: a.ref('TaskSession'), entry: './resolvers/authorize-task.js' }),
      a.handler.custom({ dataSource: a.ref('Agent'), entry: './resolvers/read-lease.js' }),
      a.handler.custom({ dataSource: a.ref('Agent'), entry: './resolvers/report-phase.js' }),
      a.handler.custom({ entry: './resolvers/agent-view.js' }),
      a.handler.custom({ entry: './resolvers/agent-changed.js' }),
    ])
    .authorization((allow) => [allow.group(iamOnly)]),
  /** Moves the snapshot pointer while the task goes on. */
  agentSaveSnapshot: a
    .mutation()
    .arguments({ snapshot: a.json().required() })
    .returns(a.boolean())
    .handler([
      a.handler.custom({ dataSource: a.ref('TaskSession'), entry: './resolvers/authorize-task.js' }),
      a.handler.custom({ dataSource: a.ref('Agent'), entry: './resolvers/read-lease.js' }),
      a.handler.custom({ entry: './resolvers/check-snapshot.js' }),
      a.handler.custom({ dataSource: a.ref('Agent'), entry: './resolvers/save-snapshot.js' }),
    ])
    .authorization((allow) => [allow.group(iamOnly)]),
  /** Gives the lease back, and the last snapshot pointer with it, if `wakeSeq` is still the one last pulled. Gives agent.changed. */
  agentRelease: a
    .mutation()
    .arguments({ wakeSeq: a.integer().required(), snapshot: a.json(), error: a.json() })
    .returns(a.ref('Event'))
    .handler([
      a.handler.custom({ dataSource: a.ref('TaskSession'), entry: './resolvers/authorize-task.js' }),
      a.handler.custom({ dataSource: a.ref('Agent'), entry: './resolvers/read-lease.js' }),
      a.handler.custom({ entry: './resolvers/check-snapshot.js' }),
      a.handler.custom({ dataSource: a.ref('Agent'), entry: './resolvers/release-lease.js' }),
      a.handler.custom({ entry: './resolvers/agent-view.js' }),
      a.handler.custom({ entry: './resolvers/agent-changed.js' }),
    ])
    .authorization((allow) => [allow.group(iamOnly)]),
  /**
   * Has a message that came by a channel brought there as far as its row says it is:
   * core/channel/deliver-result.ts, as JSON. Says nothing of its own.
   */
  agentDeliver: a
    .mutation()
    .arguments({ conversationId: a.string().required(), id: a.string().required() })
    .returns(a.json())
    .handler([
      a.handler.custom({ dataSource: a.ref('TaskSession'), entry: './resolvers/authorize-task.js' }),
      a.handler.custom({ dataSource: 'DeliverMessage', entry: './resolvers/serve-task.js' }),
    ])
    .authorization((allow) => [allow.group(iamOnly)]),
  /** Rings when there is something to pull. */
  agentDoorbell: a
    .subscription()
    .for([
      a.ref('systemPublish'),
      a.ref('stopMessage'),
      a.ref('decideApproval'),
      a.ref('keepAwake'),
      a.ref('sleepNow'),
    ])
    .handler([
      a.handler.custom({ dataSource: a.ref('TaskSession'), entry: './resolvers/authorize-task.js' }),
      a.handler.custom({ entry: './resolvers/agent-doorbell.js' }),
    ])
    .authorization((allow) => [allow.group(iamOnly)]),

  // ---- functions' fields -------------------------------------------------------------------

  /** Tells an owner's pages and task what a function has stored. */
  systemPublish: a
    .mutation()
    .arguments({
      owner: a.string().required(),
      kind: a.string().required(),
      conversationId: a.string(),
      messageId: a.string(),
      body: a.json().required(),
    })
    .returns(a.ref('Event'))
    .handler(a.handler.custom({ entry: './resolvers/system-publish.js' }))
    .authorization((allow) => [allow.group(iamOnly)]),
});

export type Schema = ClientSchema<typeof schema>;

export const data = defineData({
  schema,
  authorizationModes: { defaultAuthorizationMode: 'userPool' },
});
