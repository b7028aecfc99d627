import type { AgentView } from '../../amplify/core/agent.ts';
import type { Attachment, FileUpload, NewFile } from '../../amplify/core/attachment.ts';
import type { ChannelCode, ChannelView } from '../../amplify/core/channel/channel-view.ts';
import type { OwnModel } from '../../amplify/core/conversation.ts';
import type { DeploymentSettings, DeploymentSettingsView } from '../../amplify/core/deployment-settings.ts';
import type { Event } from '../../amplify/core/event.ts';
import type { FileEntry } from '../../amplify/core/file-entry.ts';
import type { Message } from '../../amplify/core/message.ts';
import type { ModelTrial, ModelVerdict } from '../../amplify/core/model-test.ts';
import type { Presigned } from '../../amplify/core/presigned.ts';
import type { KeyView } from '../../amplify/core/provider-key.ts';
import type { NewDevice } from '../../amplify/core/push/device.ts';
import type { DeviceView, PushView } from '../../amplify/core/push/push-view.ts';
import type { ScheduleInput, ScheduleView } from '../../amplify/core/schedule/schedule-view.ts';
import type { SearchHit } from '../../amplify/core/search.ts';
import type { Provider, Settings } from '../../amplify/core/settings.ts';
import type { SettingsView } from '../../amplify/core/settings-view.ts';
import type { OwnSnapshot, SnapshotExport, SnapshotImport } from '../../amplify/core/snapshot.ts';
import type { Caps, DeploymentCaps } from '../../amplify/core/spending.ts';
import type { MonthUsage } from '../../amplify/core/usage.ts';
import type { MessagePage } from '../chat/transcript.ts';
import type { ConversationPage } from '../conversations/conversations.ts';

/** What a month has cost, and how much more it may. */
export interface UsageReport {
  usage: MonthUsage;
  caps: Caps;
  deployment: DeploymentCaps;
  /** Which cap of all users together is reached. */
  totalReached: 'day' | 'month' | null;
  /** Whether this user may change what the deployment allows. */
  isAdmin: boolean;
  region: string;
}

/** What was found in one page of messages. */
export interface SearchPage {
  items: readonly SearchHit[];
  nextToken: string | null;
}

/** What the subscription tells. */
export interface EventHandlers {
  onEvent(event: Event): void;
  /** Events come from now on; whatever happened before must be read. */
  onConnected(): void;
  onDisconnected(): void;
}

/**
 * The backend as the page sees it. Rows and events are checked against `amplify/core`.
 * Every call throws `AppError` for what the backend refuses and `Unreachable` when it was not reached.
 */
export interface Api {
  listConversations(nextToken: string | null): Promise<ConversationPage>;
  /** Newest first; a hundred at most, thirty unless more are asked for. */
  listMessages(conversationId: string, nextToken: string | null, limit?: number): Promise<MessagePage>;
  getMessage(conversationId: string, id: string): Promise<Message | null>;
  /** What the model thought before it answered a message; null when it showed nothing. */
  getThinking(conversationId: string, id: string): Promise<string | null>;
  /** Null before the first message of a user. */
  getAgent(): Promise<AgentView | null>;
  getSettings(): Promise<SettingsView>;
  /** `model`: its own from the beginning, instead of the settings'. */
  createConversation(id: string, title: string, model?: OwnModel | null): Promise<Event>;
  renameConversation(id: string, title: string): Promise<Event>;
  /** Puts it above the others, or back among them. */
  pinConversation(id: string, pinned: boolean): Promise<Event>;
  /** What answers in it from its next message on; null for the settings' model. */
  chooseModel(id: string, model: OwnModel | null): Promise<Event>;
  /** Messages of the conversations with ids `from` to `to` that hold the text, of one page of what is looked at. */
  searchMessages(text: string, from: string, to: string, nextToken: string | null): Promise<SearchPage>;
  deleteConversation(id: string): Promise<Event>;
  /** `attachments`: what `uploadFile` gave, of files that were uploaded. */
  sendMessage(
    conversationId: string,
    id: string,
    text: string,
    attachments?: readonly Attachment[],
  ): Promise<Message>;
  /** Messages that have files, newest first. */
  listFiles(nextToken: string | null): Promise<{ items: FileEntry[]; nextToken: string | null }>;
  /** Where to put a new file. */
  uploadFile(file: NewFile): Promise<FileUpload>;
  /** Where to read a file that a message or its answer names. */
  downloadFile(conversationId: string, messageId: string, id: string): Promise<Presigned>;
  /** Deletes a file's bytes. Gives the message, which names it as deleted. */
  deleteFile(conversationId: string, messageId: string, id: string): Promise<Message>;
  /** `attempt`: the one that failed. */
  retryMessage(conversationId: string, id: string, attempt: number): Promise<Message>;
  stopMessage(conversationId: string, id: string): Promise<Event>;
  decideApproval(
    conversationId: string,
    id: string,
    approvalId: string,
    decision: 'allow-once' | 'deny',
  ): Promise<Event>;
  /** Wakes the agent ahead of a message, as far as the user's settings let it. Gives how it then stands. */
  wakeAgent(hint: 'open' | 'typing'): Promise<AgentView>;
  /** It stays awake until then (ISO 8601), or null: as long as usual. */
  keepAwake(until: string | null): Promise<Event>;
  /** It leaves as soon as it has nothing to do. */
  sleepNow(): Promise<Event>;
  saveSettings(settings: Settings, revision: number): Promise<Event>;
  /** For admins only. */
  getDeploymentSettings(): Promise<DeploymentSettingsView>;
  saveDeploymentSettings(settings: DeploymentSettings, revision: number): Promise<void>;
  /** `month`: 2026-11. */
  getUsage(month: string): Promise<UsageReport>;
  /** What may be seen of the user's provider key. */
  getProviderKey(): Promise<KeyView | null>;
  saveProviderKey(provider: Provider, key: string): Promise<KeyView>;
  deleteProviderKey(): Promise<void>;
  /** Tries a model; `key`: one that is not stored yet. */
  testModel(trial: ModelTrial, key: string | null): Promise<ModelVerdict>;
  /** Channels beside this page, each with the link that the user has there. */
  getChannels(): Promise<readonly ChannelView[]>;
  /** A code to link with, good once and for ten minutes. */
  makeChannelCode(channel: string): Promise<ChannelCode>;
  unlinkChannel(channel: string): Promise<void>;
  /** Erases all that the user has, in the background; `account`: it goes, too. From now on no message is taken. */
  eraseEverything(account: boolean): Promise<void>;
  /** The user's browsers that are pushed to, and the key to subscribe with. */
  getPush(): Promise<PushView>;
  savePushDevice(device: NewDevice): Promise<DeviceView>;
  removePushDevice(id: string): Promise<void>;
  /** What comes next first. */
  listSchedules(): Promise<readonly ScheduleView[]>;
  /** Makes a schedule under its id, or changes the one that has it. */
  saveSchedule(schedule: ScheduleInput): Promise<ScheduleView>;
  removeSchedule(id: string): Promise<void>;
  listSnapshots(): Promise<readonly OwnSnapshot[]>;
  /** The sleeping agent begins with it when it wakes next. Gives the list as it then stands. */
  restoreSnapshot(id: string): Promise<readonly OwnSnapshot[]>;
  exportSnapshot(id: string): Promise<SnapshotExport>;
  /** Where a file may be put to become a saved state. `sha256`: of its bytes, hex. */
  importSnapshot(file: { size: number; sha256: string }): Promise<SnapshotImport>;
  /** The sleeping agent begins with the file that was put there. Gives the list as it then stands. */
  finishImport(id: string): Promise<readonly OwnSnapshot[]>;
  /** One subscription that is kept up until it is closed. `checkNow` looks at once whether it still lives. */
  openEvents(handlers: EventHandlers): { close(): void; checkNow(): void };
}
