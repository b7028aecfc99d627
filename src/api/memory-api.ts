import type { AgentView } from '../../amplify/core/agent.ts';
import type { ChannelView } from '../../amplify/core/channel/channel-view.ts';
import type { Conversation } from '../../amplify/core/conversation.ts';
import type { DeploymentSettings } from '../../amplify/core/deployment-settings.ts';
import { AppError } from '../../amplify/core/error.ts';
import type { Event } from '../../amplify/core/event.ts';
import type { Message } from '../../amplify/core/message.ts';
import { newId } from '../../amplify/core/message-id.ts';
import type { ModelVerdict } from '../../amplify/core/model-test.ts';
import type { KeyView } from '../../amplify/core/provider-key.ts';
import type { PushView } from '../../amplify/core/push/push-view.ts';
import type { ScheduleView } from '../../amplify/core/schedule/schedule-view.ts';
import type { Settings } from '../../amplify/core/settings.ts';
import type { DeploymentDefaults } from '../../amplify/core/settings-view.ts';
import type { OwnSnapshot } from '../../amplify/core/snapshot.ts';
import { monthUsageOf } from '../../amplify/core/usage.ts';
import type { Api, EventHandlers, UsageReport } from './api.ts';
import { Unreachable } from './api-error.ts';

/** What the configuration allows at most. */
const most = {
  ...{ dayMicros: 5_000_000, monthMicros: 50_000_000, stopped: false },
  ...{ totalDayMicros: 20_000_000, totalMonthMicros: 200_000_000 },
};

/**
 * A backend that lives in memory and is played by hand, for component tests: it keeps rows as the real one does
 * and tells of them, but nothing happens in it unless the test says so.
 */
export interface MemoryApi extends Api {
  conversations: Map<string, Conversation>;
  /** Rows by id. */
  messages: Map<string, Message>;
  /** What the model thought, by the ids of messages. */
  thoughts: Map<string, string>;
  agent: AgentView | null;
  settings: { settings: Settings; revision: number };
  deployment: DeploymentDefaults;
  totalReached: UsageReport['totalReached'];
  isAdmin: boolean;
  deploymentSettings: { settings: DeploymentSettings; revision: number };
  /** Rows of the month that is asked for. */
  usage: Record<string, unknown>[];
  providerKey: KeyView | null;
  verdict: ModelVerdict;
  channels: readonly ChannelView[];
  snapshots: readonly OwnSnapshot[];
  push: PushView;
  schedules: readonly ScheduleView[];
  /** Every call, in order: field and arguments. */
  calls: [string, ...unknown[]][];
  /** What the next call of a field fails with; `offline` fails them all as unreachable. */
  failures: Map<string, unknown>;
  offline: boolean;
  /** Messages on one page. */
  pageSize: number;
  /** Tells the page. */
  emit(event: Event): void;
  /** Changes a row without telling; gives it. */
  put(message: Message): Message;
  connect(): void;
  disconnect(): void;
}

/** What a message has before anything became of it. */
const unanswered = { status: 'queued' as const, answer: '', seq: 0, tools: [], files: [] };

export function createMemoryApi(now: () => number = Date.now): MemoryApi {
  let handlers: EventHandlers | null = null;
  const iso = () => new Date(now()).toISOString();
  const importing = new Map<string, number>();

  const called = async (field: string, ...args: unknown[]) => {
    api.calls.push([field, ...args]);
    if (api.offline) throw new Unreachable();
    const failure = api.failures.get(field);
    api.failures.delete(field);
    if (failure) throw failure;
  };
  const conversationOf = (id: string): Conversation => {
    const found = api.conversations.get(id);
    if (!found) throw new AppError('conversation.not_found');
    return found;
  };
  const messageOf = (id: string): Message => {
    const found = api.messages.get(id);
    if (!found) throw new AppError('message.not_found');
    return found;
  };
  const agentChanged = (change: Partial<AgentView>): Event => {
    if (!api.agent || api.agent.state === 'asleep') throw new AppError('agent.asleep');
    api.agent = { ...api.agent, ...change, revision: api.agent.revision + 1 };
    return { kind: 'agent.changed', agent: api.agent };
  };
  const changed = (conversation: Conversation): Event => {
    api.conversations.set(conversation.id, conversation);
    return { kind: 'conversation.changed', conversationId: conversation.id, conversation };
  };

  const api: MemoryApi = {
    conversations: new Map(),
    messages: new Map(),
    thoughts: new Map(),
    agent: null,
    settings: { settings: {}, revision: 0 },
    totalReached: null,
    isAdmin: false,
    deploymentSettings: { settings: {}, revision: 0 },
    deployment: {
      ...{ idleSeconds: 600, capacity: 'spot-first', region: 'us-east-1' },
      sizes: { usual: { cpu: 1024, memory: 2048 }, largest: { cpu: 2048, memory: 4096 } },
    },
    usage: [],
    providerKey: null,
    verdict: { code: null, detail: '', milliseconds: 420, priced: true },
    channels: [{ channel: 'telegram', address: '@claw_bot', link: null }],
    snapshots: [],
    push: { publicKey: null, devices: [] },
    schedules: [],
    calls: [],
    failures: new Map(),
    offline: false,
    pageSize: 30,
    emit: (event) => handlers?.onEvent(event),
    put: (message) => {
      api.messages.set(message.id, message);
      return message;
    },
    connect: () => handlers?.onConnected(),
    disconnect: () => handlers?.onDisconnected(),

    openEvents: (given) => {
      handlers = given;
      return { checkNow: () => {}, close: () => (handlers = null) };
    },
    listConversations: async () => {
      await called('listConversations');
      const items = [...api.conversations.values()].sort((a, b) => b.activeAt.localeCompare(a.activeAt));
      return { items, pinned: items.filter(({ pinnedAt }) => pinnedAt), nextToken: null };
    },
    listMessages: async (conversationId, nextToken, limit = api.pageSize) => {
      await called('listMessages', conversationId, nextToken);
      conversationOf(conversationId);
      const all = [...api.messages.values()].filter((message) => message.conversationId === conversationId);
      const from = Number(nextToken ?? 0);
      const to = from + limit;
      const items = all.sort((a, b) => b.id.localeCompare(a.id)).slice(from, to);
      return { items, nextToken: to < all.length ? String(to) : null };
    },
    getMessage: async (conversationId, id) => {
      await called('getMessage', conversationId, id);
      return api.messages.get(id) ?? null;
    },
    getThinking: async (conversationId, id) => {
      await called('getThinking', conversationId, id);
      return api.thoughts.get(id) ?? null;
    },
    getAgent: async () => {
      await called('getAgent');
      return api.agent;
    },
    getSettings: async () => {
      await called('getSettings');
      return { ...api.settings, deployment: api.deployment };
    },
    createConversation: async (id, title, model) => {
      await called('createConversation', id, title);
      const made = { id, title, createdAt: iso(), activeAt: iso(), ...(model && { model }) };
      return changed(api.conversations.get(id) ?? made);
    },
    chooseModel: async (id, model) => {
      await called('chooseModel', id, model);
      return changed({ ...conversationOf(id), model });
    },
    renameConversation: async (id, title) => {
      await called('renameConversation', id, title);
      return changed({ ...conversationOf(id), title });
    },
    pinConversation: async (id, pinned) => {
      await called('pinConversation', id, pinned);
      return changed({ ...conversationOf(id), pinnedAt: pinned ? iso() : null });
    },
    searchMessages: async (text, from, to, nextToken) => {
      await called('searchMessages', text, from, to, nextToken);
      const items = [...api.messages.values()]
        .filter(({ conversationId, id }) => {
          const key = `${conversationId}#${id}`;
          return key >= `${from}#` && key <= `${to}#~`;
        })
        .flatMap(({ conversationId, id, acceptedAt, text: written, answer }) => {
          const snippet = [written, answer].find((each) => each.toLowerCase().includes(text.toLowerCase()));
          return snippet === undefined ? [] : [{ conversationId, messageId: id, acceptedAt, snippet }];
        });
      return { items, nextToken: null };
    },
    deleteConversation: async (id) => {
      await called('deleteConversation', id);
      api.conversations.delete(id);
      return { kind: 'conversation.deleted', conversationId: id };
    },
    sendMessage: async (conversationId, id, text, attachments = []) => {
      await called('sendMessage', conversationId, id, text, attachments);
      conversationOf(conversationId);
      const row = { conversationId, id, text, attachments: [...attachments], channel: 'web' as const };
      return api.messages.get(id) ?? api.put({ ...row, ...unanswered, attempt: 1, acceptedAt: iso() });
    },
    retryMessage: async (conversationId, id, attempt) => {
      await called('retryMessage', conversationId, id, attempt);
      const { text, attachments, channel, acceptedAt } = messageOf(id);
      const row = { conversationId, id, text, attachments, channel, acceptedAt };
      return api.put({ ...row, ...unanswered, attempt: attempt + 1 });
    },
    listFiles: async (nextToken) => {
      await called('listFiles', nextToken);
      const rows = [...api.messages.values()].sort((a, b) => b.id.localeCompare(a.id));
      const items = rows
        .filter(({ attachments, files }) => attachments.length + files.length > 0)
        .map(({ conversationId, id, acceptedAt, attachments, files }) => ({
          ...{ conversationId, messageId: id, at: acceptedAt, attachments, files },
          title: api.conversations.get(conversationId)?.title ?? '',
        }));
      return { items, nextToken: null };
    },
    uploadFile: async (file) => {
      await called('uploadFile', file);
      const { sha256: _, ...rest } = file;
      const id = newId(now());
      return { file: { ...rest, id }, upload: { url: `https://bucket.test/${id}`, headers: {} } };
    },
    downloadFile: async (conversationId, messageId, id) => {
      await called('downloadFile', conversationId, messageId, id);
      return { url: `https://bucket.test/${id}`, headers: {} };
    },
    deleteFile: async (conversationId, messageId, id) => {
      await called('deleteFile', conversationId, messageId, id);
      const row = messageOf(messageId);
      const mark = (files: Message['files']) =>
        files.map((file) => (file.id === id ? { ...file, deletedAt: iso() } : file));
      return api.put({ ...row, attachments: mark(row.attachments), files: mark(row.files) });
    },
    stopMessage: async (conversationId, id) => {
      await called('stopMessage', conversationId, id);
      return { kind: 'message.stopping', conversationId, messageId: id };
    },
    decideApproval: async (conversationId, id, approvalId, decision) => {
      await called('decideApproval', conversationId, id, approvalId, decision);
      const { approval, attempt } = messageOf(id);
      const decided = approval ? { ...approval, decision } : null;
      return { kind: 'message.approval', conversationId, messageId: id, attempt, approval: decided };
    },
    wakeAgent: async (hint) => {
      await called('wakeAgent', hint);
      return api.agent ?? { state: 'asleep', revision: 0 };
    },
    keepAwake: async (keepAwakeUntil) => {
      await called('keepAwake', keepAwakeUntil);
      return agentChanged({ keepAwakeUntil, sleepRequested: false });
    },
    sleepNow: async () => {
      await called('sleepNow');
      return agentChanged({ sleepRequested: true });
    },
    eraseEverything: async (account) => {
      await called('eraseEverything', account);
      api.conversations.clear();
      api.messages.clear();
    },
    listSnapshots: async () => {
      await called('listSnapshots');
      return api.snapshots;
    },
    restoreSnapshot: async (id) => {
      await called('restoreSnapshot', id);
      const next = api.snapshots.map((each) => ({ ...each, isNext: each.id === id }));
      api.snapshots = next.sort((a, b) => Number(b.isNext) - Number(a.isNext));
      return api.snapshots;
    },
    exportSnapshot: async (id) => {
      await called('exportSnapshot', id);
      const name = `openclaw-${id}.tar.zst`;
      return { name, download: { url: `https://bucket.test/${name}`, headers: {} } };
    },
    importSnapshot: async (file) => {
      await called('importSnapshot', file);
      const id = newId();
      importing.set(id, file.size);
      return { id, upload: { url: `https://bucket.test/import-${id}`, headers: {} } };
    },
    finishImport: async (id) => {
      await called('finishImport', id);
      const imported = { id, savedAt: iso(), size: importing.get(id) ?? 1, isNext: true, isImported: true };
      api.snapshots = [imported, ...api.snapshots.map((each) => ({ ...each, isNext: false }))];
      return api.snapshots;
    },
    getUsage: async (month) => {
      await called('getUsage', month);
      return {
        usage: monthUsageOf(month, api.usage),
        caps: { ...most, stoppedBy: api.settings.settings.spendingStopped ? 'owner' : null },
        deployment: most,
        totalReached: api.totalReached,
        isAdmin: api.isAdmin,
        region: 'us-east-1',
      };
    },
    getProviderKey: async () => {
      await called('getProviderKey');
      return api.providerKey;
    },
    saveProviderKey: async (provider, key) => {
      // Not `called`: keys are in no list.
      api.providerKey = { provider, ending: key.slice(-4), savedAt: iso() };
      return api.providerKey;
    },
    deleteProviderKey: async () => {
      await called('deleteProviderKey');
      api.providerKey = null;
    },
    testModel: async (trial) => {
      await called('testModel', trial);
      return api.verdict;
    },
    getDeploymentSettings: async () => {
      await called('getDeploymentSettings');
      return { ...api.deploymentSettings, most };
    },
    saveDeploymentSettings: async (settings, revision) => {
      await called('saveDeploymentSettings', settings, revision);
      if (revision !== api.deploymentSettings.revision) throw new AppError('settings.changed');
      api.deploymentSettings = { settings, revision: revision + 1 };
    },
    saveSettings: async (settings, revision) => {
      await called('saveSettings', settings, revision);
      if (revision !== api.settings.revision) {
        throw new AppError('settings.changed');
      }
      api.settings = { settings, revision: revision + 1 };
      return { kind: 'settings.changed' };
    },
    getPush: async () => {
      await called('getPush');
      return api.push;
    },
    savePushDevice: async (device) => {
      await called('savePushDevice', device);
      const { name, showsText, endpoint: id } = device;
      const saved = { id, name, showsText, savedAt: iso() };
      api.push = { ...api.push, devices: [saved, ...api.push.devices.filter((each) => each.id !== id)] };
      return saved;
    },
    removePushDevice: async (id) => {
      await called('removePushDevice', id);
      api.push = { ...api.push, devices: api.push.devices.filter((each) => each.id !== id) };
    },
    listSchedules: async () => {
      await called('listSchedules');
      return api.schedules;
    },
    saveSchedule: async ({ isOn, ...schedule }) => {
      await called('saveSchedule', { ...schedule, isOn });
      const before = api.schedules.find(({ id }) => id === schedule.id);
      const others = api.schedules.filter(({ id }) => id !== schedule.id);
      const nextAt = isOn ? '2026-12-01T08:00:00.000Z' : null;
      const saved: ScheduleView = { madeBy: 'person', lastRun: null, ...before, ...schedule, nextAt };
      api.schedules = [saved, ...others];
      return saved;
    },
    removeSchedule: async (id) => {
      await called('removeSchedule', id);
      api.schedules = api.schedules.filter((each) => each.id !== id);
    },
    getChannels: async () => {
      await called('getChannels');
      return api.channels;
    },
    makeChannelCode: async (channel) => {
      await called('makeChannelCode', channel);
      const expiresAt = new Date(Date.now() + 600_000).toISOString();
      return { url: 'https://t.me/claw_bot?start=the-code', code: 'the-code', expiresAt };
    },
    unlinkChannel: async (channel) => {
      await called('unlinkChannel', channel);
      api.channels = api.channels.map((each) => (each.channel === channel ? { ...each, link: null } : each));
    },
  };
  return api;
}
