import { a } from '@aws-amplify/backend';
import { retryMessage } from '../functions/retry-message/resource.ts';
import { sendMessage } from '../functions/send-message/resource.ts';
import { serveFiles } from '../functions/serve-files/resource.ts';

/**
 * Users' fields about conversations, their messages and files.
 * Not named like the operations that Amplify generates for a model (getMessage, listMessages): although those are
 * disabled, its transformer gives fields of these names the model's keys as arguments.
 */
export const conversationFields = {
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
  /** What the model thought before it answered a message, as far as it came or is kept; null when it showed nothing. */
  thinking: a
    .query()
    .arguments({ conversationId: a.string().required(), id: a.string().required() })
    .returns(a.string())
    .handler([
      a.handler.custom({ dataSource: a.ref('Conversation'), entry: './resolvers/find-conversation.js' }),
      a.handler.custom({ dataSource: a.ref('Message'), entry: './resolvers/get-message.js' }),
      a.handler.custom({ entry: './resolvers/thinking-view.js' }),
    ])
    .authorization((allow) => [allow.authenticated()]),
  createConversation: a
    .mutation()
    .arguments({ id: a.string().required(), title: a.string().required(), model: a.json() })
    .returns(a.ref('Event'))
    .handler([
      a.handler.custom({ entry: './resolvers/check-model.js' }),
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
  /** What answers in a conversation from its next message on: core/conversation.ts ownModel; null for the settings' model. */
  chooseModel: a
    .mutation()
    .arguments({ id: a.string().required(), model: a.json() })
    .returns(a.ref('Event'))
    .handler([
      a.handler.custom({ entry: './resolvers/check-model.js' }),
      a.handler.custom({ dataSource: a.ref('Conversation'), entry: './resolvers/choose-model.js' }),
      a.handler.custom({ entry: './resolvers/conversation-view.js' }),
      a.handler.custom({ entry: './resolvers/conversation-changed.js' }),
    ])
    .authorization((allow) => [allow.authenticated()]),
  deleteConversation: a
    .mutation()
    .arguments({ id: a.string().required() })
    .returns(a.ref('Event'))
    .handler([
      a.handler.custom({ dataSource: a.ref('Conversation'), entry: './resolvers/delete-conversation.js' }),
      a.handler.custom({ dataSource: 'EraseData', entry: './resolvers/erase-deleted.js' }),
    ])
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
      a.handler.custom({ dataSource: 'DeliverMessage', entry: './resolvers/bring-stopped.js' }),
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
};
