import { a } from '@aws-amplify/backend';
import { iamOnly } from './iam-only.ts';

/** A task's fields. Each begins with authorize-task.js: task id from the caller's session name -> TaskSession -> owner, epoch. */
export const taskFields = {
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
  /** Conversations that OpenClaw must forget: core/task-grant.ts `deletedConversations`, as JSON. */
  agentDeletedConversations: a
    .mutation()
    .arguments({ nextToken: a.string() })
    .returns(a.json())
    .handler([
      a.handler.custom({ dataSource: a.ref('TaskSession'), entry: './resolvers/authorize-task.js' }),
      a.handler.custom({
        dataSource: a.ref('Conversation'),
        entry: './resolvers/deleted-conversations.js',
      }),
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
      /** How many files the task has seen with it; absent: none. */
      files: a.integer(),
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
  /**
   * Stores a partial answer; also the durable mark that a tool is about to run (`toolsRan`), and an approval that waits,
   * which is pushed to the owner's browsers.
   */
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
      thinking: a.string(),
      thinkingMs: a.integer(),
      transcript: a.json(),
    })
    .returns(a.boolean())
    .handler([
      a.handler.custom({ dataSource: a.ref('TaskSession'), entry: './resolvers/authorize-task.js' }),
      a.handler.custom({ dataSource: a.ref('Message'), entry: './resolvers/checkpoint-message.js' }),
      a.handler.custom({ dataSource: a.ref('PushDevice'), entry: './resolvers/find-devices.js' }),
      a.handler.custom({ dataSource: 'PushAnswer', entry: './resolvers/push-news.js' }),
    ])
    .authorization((allow) => [allow.group(iamOnly)]),
  /** Makes a message final, and has that pushed to the owner's browsers. Gives message.finished. */
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
      thinking: a.string(),
      thinkingMs: a.integer(),
    })
    .returns(a.ref('Event'))
    .handler([
      a.handler.custom({ dataSource: a.ref('TaskSession'), entry: './resolvers/authorize-task.js' }),
      a.handler.custom({ dataSource: a.ref('Agent'), entry: './resolvers/note-rings.js' }),
      a.handler.custom({ dataSource: a.ref('Message'), entry: './resolvers/commit-message.js' }),
      a.handler.custom({ dataSource: a.ref('Agent'), entry: './resolvers/drop-pending.js' }),
      a.handler.custom({ entry: './resolvers/message-view.js' }),
      a.handler.custom({ entry: './resolvers/message-ended.js' }),
      a.handler.custom({ dataSource: a.ref('PushDevice'), entry: './resolvers/find-devices.js' }),
      a.handler.custom({ dataSource: 'PushAnswer', entry: './resolvers/push-news.js' }),
    ])
    .authorization((allow) => [allow.group(iamOnly)]),
  /** Reserves what a model call may cost, micros. Gives `{day}` as JSON; refused with spending.… beyond the caps. */
  agentReserveSpending: a
    .mutation()
    .arguments({ id: a.string().required(), amount: a.float().required() })
    .returns(a.json())
    .handler([
      a.handler.custom({ dataSource: a.ref('TaskSession'), entry: './resolvers/authorize-task.js' }),
      a.handler.custom({ dataSource: a.ref('Settings'), entry: './resolvers/read-deployment-caps.js' }),
      a.handler.custom({ dataSource: a.ref('Settings'), entry: './resolvers/read-caps.js' }),
      a.handler.custom({ dataSource: a.ref('Usage'), entry: './resolvers/reserve-total.js' }),
      a.handler.custom({ dataSource: a.ref('Usage'), entry: './resolvers/reserve-spending.js' }),
      a.handler.custom({ dataSource: a.ref('Usage'), entry: './resolvers/give-back-total.js' }),
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
      /** How long messages were in work since the call before it was settled. */
      workedMs: a.integer(),
    })
    .returns(a.boolean())
    .handler([
      a.handler.custom({ dataSource: a.ref('TaskSession'), entry: './resolvers/authorize-task.js' }),
      a.handler.custom({ dataSource: a.ref('Usage'), entry: './resolvers/settle-spending.js' }),
      a.handler.custom({ dataSource: a.ref('Usage'), entry: './resolvers/settle-total.js' }),
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
  /**
   * Gives the lease back, and the last snapshot pointer with it, if `wakeSeq` is still the one last pulled. `sleepsAt`:
   * when the task would have left; a successor goes on from there. Gives agent.changed.
   */
  agentRelease: a
    .mutation()
    .arguments({
      wakeSeq: a.integer().required(),
      snapshot: a.json(),
      error: a.json(),
      sleepsAt: a.datetime(),
    })
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
};
