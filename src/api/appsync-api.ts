import * as z from 'zod';
import { agentView } from '../../amplify/core/agent.ts';
import { fileUpload } from '../../amplify/core/attachment.ts';
import { channelCode, channelView } from '../../amplify/core/channel/channel-view.ts';
import { conversation } from '../../amplify/core/conversation.ts';
import { deploymentSettingsView } from '../../amplify/core/deployment-settings.ts';
import { AppError } from '../../amplify/core/error.ts';
import { type Event, fromWire } from '../../amplify/core/event.ts';
import { fileEntry } from '../../amplify/core/file-entry.ts';
import { message } from '../../amplify/core/message.ts';
import { modelVerdict } from '../../amplify/core/model-test.ts';
import { presigned } from '../../amplify/core/presigned.ts';
import { keyView } from '../../amplify/core/provider-key.ts';
import { deviceView, pushView } from '../../amplify/core/push/push-view.ts';
import { scheduleView } from '../../amplify/core/schedule/schedule-view.ts';
import { searchHit } from '../../amplify/core/search.ts';
import { settingsView } from '../../amplify/core/settings-view.ts';
import { ownSnapshot, snapshotExport, snapshotImport } from '../../amplify/core/snapshot.ts';
import { monthUsageOf } from '../../amplify/core/usage.ts';
import { usagePart } from '../../amplify/core/usage-view.ts';
import type { Api, EventHandlers } from './api.ts';
import { keepSubscribed } from './event-stream.ts';
import { type Connection, request } from './graphql.ts';
import { operations, type Variables } from './operations.ts';
import { type OpenSocket, subscribe } from './realtime.ts';

// zod compiles checks with `new Function` where it may; a strict content security policy forbids that.
z.config({ jitless: true });

const pageSize = 30;

/** AWSJSON: a string on the wire. */
function fromJson<Shape extends z.ZodType>(shape: Shape, value: unknown): z.output<Shape> {
  try {
    return shape.parse(typeof value === 'string' ? JSON.parse(value) : value);
  } catch (cause) {
    throw new AppError('internal', { cause, detail: 'an answer that is not understood' });
  }
}

const jsonPage = z.object({ items: z.unknown(), nextToken: z.string().nullish() });

function pageOf<Item extends z.ZodType>(item: Item, value: unknown) {
  const { items, nextToken } = fromJson(jsonPage, value);
  return { items: fromJson(z.array(item), items), nextToken: nextToken ?? null };
}

/** The backend behind an AppSync endpoint. */
export function createAppsyncApi(connection: Connection, openSocket?: OpenSocket): Api {
  const call = <Name extends keyof typeof operations>(name: Name, variables: Variables<Name>) =>
    request(connection, operations[name].field, operations[name].document, variables as object);

  const tell = async <Name extends keyof typeof operations>(
    name: Name,
    variables: Variables<Name>,
  ): Promise<Event> => fromWire(await call(name, variables));

  const openEvents = (handlers: EventHandlers) =>
    keepSubscribed((inner) => subscribe(connection, operations.onEvent.document, inner, openSocket), {
      onConnected: handlers.onConnected,
      onDisconnected: handlers.onDisconnected,
      onData: (data) => {
        try {
          handlers.onEvent(fromWire(data.onEvent));
        } catch (error) {
          // A newer backend may tell what this page does not know yet.
          console.warn('An event was not understood.', error);
        }
      },
    });

  return {
    openEvents,
    listConversations: async (nextToken) => {
      const page = await call('listConversations', { nextToken });
      const { pinned } = fromJson(z.object({ pinned: z.unknown() }), page);
      return { ...pageOf(conversation, page), pinned: fromJson(z.array(conversation), pinned ?? []) };
    },
    listMessages: async (conversationId, nextToken, limit = pageSize) =>
      pageOf(message, await call('listMessages', { conversationId, limit, nextToken })),
    getMessage: async (conversationId, id) =>
      fromJson(message.nullable(), (await call('getMessage', { conversationId, id })) ?? null),
    getThinking: async (conversationId, id) =>
      fromJson(
        z.string().nullable(),
        JSON.stringify((await call('getThinking', { conversationId, id })) ?? null),
      ),
    getAgent: async () => fromJson(agentView.nullable(), (await call('getAgent', {})) ?? null),
    getSettings: async () => fromJson(settingsView, await call('getSettings', {})),
    createConversation: (id, title, model) =>
      tell('createConversation', { id, title, model: model ? JSON.stringify(model) : null }),
    renameConversation: (id, title) => tell('renameConversation', { id, title }),
    pinConversation: (id, pinned) => tell('pinConversation', { id, pinned }),
    chooseModel: (id, model) => tell('chooseModel', { id, model: model ? JSON.stringify(model) : null }),
    searchMessages: async (text, from, to, nextToken) =>
      pageOf(searchHit, await call('searchMessages', { text, from, to, nextToken })),
    deleteConversation: (id) => tell('deleteConversation', { id }),
    sendMessage: async (conversationId, id, text, attachments = []) =>
      fromJson(
        message,
        await call('sendMessage', {
          ...{ conversationId, id, text },
          attachments: attachments.length > 0 ? JSON.stringify(attachments) : null,
        }),
      ),
    listFiles: async (nextToken) => pageOf(fileEntry, await call('listFiles', { nextToken })),
    uploadFile: async (file) => fromJson(fileUpload, await call('uploadFile', file)),
    downloadFile: async (conversationId, messageId, id) =>
      fromJson(presigned, await call('downloadFile', { conversationId, messageId, id })),
    deleteFile: async (conversationId, messageId, id) =>
      fromJson(message, await call('deleteFile', { conversationId, messageId, id })),
    retryMessage: async (conversationId, id, attempt) =>
      fromJson(message, await call('retryMessage', { conversationId, id, attempt })),
    stopMessage: (conversationId, id) => tell('stopMessage', { conversationId, id }),
    decideApproval: (conversationId, id, approvalId, decision) =>
      tell('decideApproval', { conversationId, id, approvalId, decision }),
    wakeAgent: async (hint) => fromJson(agentView, await call('wakeAgent', { hint })),
    keepAwake: (until) => tell('keepAwake', { until }),
    sleepNow: () => tell('sleepNow', {}),
    getChannels: async () => fromJson(z.array(channelView), await call('getChannels', {})),
    makeChannelCode: async (channel) => fromJson(channelCode, await call('makeChannelCode', { channel })),
    unlinkChannel: async (channel) => void (await call('unlinkChannel', { channel })),
    eraseEverything: async (account) => void (await call('eraseEverything', { account })),
    getPush: async () => fromJson(pushView, await call('getPush', {})),
    savePushDevice: async (device) => fromJson(deviceView, await call('savePushDevice', device)),
    removePushDevice: async (id) => void (await call('removePushDevice', { id })),
    listSchedules: async () => fromJson(scheduleView.array(), await call('listSchedules', {})),
    saveSchedule: async (schedule) =>
      fromJson(scheduleView, await call('saveSchedule', { schedule: JSON.stringify(schedule) })),
    removeSchedule: async (id) => void (await call('removeSchedule', { id })),
    listSnapshots: async () => fromJson(ownSnapshot.array(), await call('listSnapshots', {})),
    restoreSnapshot: async (id) => fromJson(ownSnapshot.array(), await call('restoreSnapshot', { id })),
    exportSnapshot: async (id) => fromJson(snapshotExport, await call('exportSnapshot', { id })),
    importSnapshot: async (file) => fromJson(snapshotImport, await call('importSnapshot', file)),
    finishImport: async (id) => fromJson(ownSnapshot.array(), await call('finishImport', { id })),
    getUsage: async (month) => {
      const rows: Record<string, unknown>[] = [];
      for (let nextToken: string | null = null; ; ) {
        const part: z.output<typeof usagePart> = fromJson(
          usagePart,
          await call('getUsage', { month, nextToken }),
        );
        rows.push(...part.rows);
        nextToken = part.nextToken ?? null;
        const { rows: _rows, nextToken: _next, ...rest } = part;
        if (!nextToken) return { usage: monthUsageOf(month, rows), ...rest };
      }
    },
    getProviderKey: async () => fromJson(keyView.nullable(), (await call('getProviderKey', {})) ?? null),
    saveProviderKey: async (provider, key) =>
      fromJson(keyView, await call('saveProviderKey', { provider, key })),
    deleteProviderKey: async () => void (await call('deleteProviderKey', {})),
    testModel: async (trial, key) =>
      fromJson(modelVerdict, await call('testModel', { trial: JSON.stringify(trial), key })),
    getDeploymentSettings: async () =>
      fromJson(deploymentSettingsView, await call('getDeploymentSettings', {})),
    saveDeploymentSettings: async (value, revision) => {
      await call('saveDeploymentSettings', { settings: JSON.stringify(value), revision });
    },
    saveSettings: (value, revision) => tell('saveSettings', { settings: JSON.stringify(value), revision }),
  };
}
