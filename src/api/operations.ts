import type { Schema } from '../../amplify/data/resource.ts';

const event = '{ owner kind conversationId messageId body }';
const page = '{ items nextToken }';

/** A field's arguments by the schema; an empty record for one that takes none. */
type Arguments<Field extends keyof Schema> = Schema[Field] extends { args: infer Args }
  ? [Args] extends [never]
    ? Record<never, never>
    : Args
  : never;

interface Operation<Field extends keyof Schema> {
  field: Field;
  document: string;
}

const operation = <Field extends keyof Schema & string>(
  kind: 'query' | 'mutation' | 'subscription',
  field: Field,
  declared: Record<keyof Arguments<Field> & string, string> | null,
  selection = '',
): Operation<Field> => {
  const names = Object.entries(declared ?? {});
  const head = names.length ? `(${names.map(([name, type]) => `$${name}: ${type}`).join(', ')})` : '';
  const passed = names.length ? `(${names.map(([name]) => `${name}: $${name}`).join(', ')})` : '';
  return { field, document: `${kind}${head} { ${field}${passed} ${selection} }` };
};

const place = { conversationId: 'String!', id: 'String!' };

/** Every field that the page uses, as documents of the contract in `amplify/data/resource.ts`. */
export const operations = {
  listConversations: operation(
    'query',
    'conversations',
    { nextToken: 'String' },
    '{ items pinned nextToken }',
  ),
  listMessages: operation(
    'query',
    'messages',
    { conversationId: 'String!', limit: 'Int', nextToken: 'String' },
    page,
  ),
  getMessage: operation('query', 'message', place),
  getThinking: operation('query', 'thinking', place),
  getAgent: operation('query', 'agent', null),
  getSettings: operation('query', 'settings', null),
  createConversation: operation(
    'mutation',
    'createConversation',
    { id: 'String!', title: 'String!', model: 'AWSJSON' },
    event,
  ),
  renameConversation: operation('mutation', 'renameConversation', { id: 'String!', title: 'String!' }, event),
  pinConversation: operation('mutation', 'pinConversation', { id: 'String!', pinned: 'Boolean!' }, event),
  chooseModel: operation('mutation', 'chooseModel', { id: 'String!', model: 'AWSJSON' }, event),
  searchMessages: operation(
    'query',
    'searchMessages',
    { text: 'String!', from: 'String!', to: 'String!', nextToken: 'String' },
    page,
  ),
  deleteConversation: operation('mutation', 'deleteConversation', { id: 'String!' }, event),
  sendMessage: operation('mutation', 'sendMessage', { ...place, text: 'String!', attachments: 'AWSJSON' }),
  listFiles: operation('query', 'files', { nextToken: 'String' }, page),
  uploadFile: operation('mutation', 'uploadFile', {
    name: 'String!',
    type: 'String!',
    size: 'Int!',
    sha256: 'String!',
  }),
  downloadFile: operation('mutation', 'downloadFile', { ...place, messageId: 'String!' }),
  deleteFile: operation('mutation', 'deleteFile', { ...place, messageId: 'String!' }),
  retryMessage: operation('mutation', 'retryMessage', { ...place, attempt: 'Int!' }),
  stopMessage: operation('mutation', 'stopMessage', place, event),
  decideApproval: operation(
    'mutation',
    'decideApproval',
    { ...place, approvalId: 'String!', decision: 'String!' },
    event,
  ),
  wakeAgent: operation('mutation', 'wakeAgent', { hint: 'String!' }),
  keepAwake: operation('mutation', 'keepAwake', { until: 'AWSDateTime' }, event),
  sleepNow: operation('mutation', 'sleepNow', null, event),
  getUsage: operation('query', 'usage', { month: 'String!', nextToken: 'String' }),
  getProviderKey: operation('query', 'providerKey', null),
  saveProviderKey: operation('mutation', 'saveProviderKey', { provider: 'String!', key: 'String!' }),
  deleteProviderKey: operation('mutation', 'deleteProviderKey', null),
  testModel: operation('mutation', 'testModel', { trial: 'AWSJSON!', key: 'String' }),
  saveSettings: operation('mutation', 'saveSettings', { settings: 'AWSJSON!', revision: 'Int!' }, event),
  getDeploymentSettings: operation('query', 'deploymentSettings', null),
  saveDeploymentSettings: operation('mutation', 'saveDeploymentSettings', {
    settings: 'AWSJSON!',
    revision: 'Int!',
  }),
  getChannels: operation('query', 'channels', null),
  makeChannelCode: operation('mutation', 'makeChannelCode', { channel: 'String!' }),
  unlinkChannel: operation('mutation', 'unlinkChannel', { channel: 'String!' }),
  eraseEverything: operation('mutation', 'eraseEverything', { account: 'Boolean!' }),
  getPush: operation('query', 'push', null),
  savePushDevice: operation('mutation', 'savePushDevice', {
    endpoint: 'String!',
    p256dh: 'String!',
    auth: 'String!',
    name: 'String!',
    language: 'String!',
    showsText: 'Boolean!',
  }),
  removePushDevice: operation('mutation', 'removePushDevice', { id: 'String!' }),
  listSchedules: operation('query', 'schedules', null),
  saveSchedule: operation('mutation', 'saveSchedule', { schedule: 'AWSJSON!' }),
  removeSchedule: operation('mutation', 'removeSchedule', { id: 'String!' }),
  listSnapshots: operation('query', 'snapshots', null),
  restoreSnapshot: operation('mutation', 'restoreSnapshot', { id: 'String!' }),
  exportSnapshot: operation('mutation', 'exportSnapshot', { id: 'String!' }),
  importSnapshot: operation('mutation', 'importSnapshot', { size: 'Int!', sha256: 'String!' }),
  finishImport: operation('mutation', 'finishImport', { id: 'String!' }),
  onEvent: operation('subscription', 'onEvent', null, event),
} as const;

/** The variables of an operation, by the schema. */
export type Variables<Name extends keyof typeof operations> = Arguments<(typeof operations)[Name]['field']>;
