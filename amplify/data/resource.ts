import { a, type ClientSchema, defineData } from '@aws-amplify/backend';
import { conversationFields } from './conversation-fields.ts';
import { iamOnly } from './iam-only.ts';
import { models } from './models.ts';
import { taskFields } from './task-fields.ts';
import { userFields } from './user-fields.ts';

/**
 * The wire contract. Three kinds of fields (docs/architecture.md):
 * users' fields find the owner in the caller's token and take none;
 * `agent*` fields are for a task: IAM only, the owner found from the task's own identity;
 * `system*` fields are for functions: IAM only, the only ones that name an owner.
 */
const schema = a.schema({
  ...models,
  ...conversationFields,
  ...userFields,
  ...taskFields,

  /** core/event.ts */
  Event: a.customType({
    owner: a.string().required(),
    kind: a.string().required(),
    conversationId: a.string(),
    messageId: a.string(),
    body: a.json().required(),
  }),

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
      a.ref('chooseModel'),
      a.ref('deleteConversation'),
      a.ref('stopMessage'),
      a.ref('decideApproval'),
      a.ref('saveSettings'),
      a.ref('keepAwake'),
      a.ref('sleepNow'),
    ])
    .handler(a.handler.custom({ entry: './resolvers/on-event.js' }))
    .authorization((allow) => [allow.authenticated()]),

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
