import { monthOf } from './usage.ts';

/** A row's key, by attribute. */
export type RowKey = Readonly<Record<string, string>>;

interface OwnedRows {
  /** The attributes of the table's key. */
  readonly key: readonly [string, ...string[]];
  /** The index whose partition key is the owner, where the table's is not. */
  readonly index?: string;
  /** Erased only when everything else is: something else still needs them until then. */
  readonly last?: true;
  /**
   * Rows that stay as long as the account does: they count and hold no word of anybody. Without them whoever erases
   * their data would begin the month's cap anew, and ECS would take a start for one of the past (core/capacity.ts).
   */
  readonly stays?: (key: RowKey, now: number) => boolean;
}

/**
 * All rows that an owner has, by model; Settings apart, whose row says that all is to be erased and goes after all else.
 * A test fails when a model of data/models.ts is missing here.
 */
export const ownedRows = {
  Message: { key: ['owner', 'conversationId#id'] },
  Conversation: { key: ['owner', 'id'] },
  Delivery: { key: ['owner', 'id'] },
  PushDevice: { key: ['owner', 'id'] },
  Schedule: { key: ['owner', 'id'] },
  ChannelRow: { key: ['id'], index: 'byOwner' },
  Usage: { key: ['owner', 'period'], stays: ({ period }, now) => period === monthOf(now) },
  Allowance: { key: ['owner', 'day'], stays: () => true },
  // What a task cost is booked by its session when it has stopped.
  TaskSession: { key: ['taskId'], index: 'byOwner', last: true },
  Agent: { key: ['owner'], last: true, stays: () => true },
} as const satisfies Record<string, OwnedRows>;

export type OwnedModel = keyof typeof ownedRows;
export const ownedModels = Object.keys(ownedRows) as OwnedModel[];
export const ownedRowsOf = (model: OwnedModel): OwnedRows => ownedRows[model];

/** Where all files of an owner lie, snapshots too. A test fails when a function may put one anywhere else. */
export const ownedPrefix = (owner: string): string => `owners/${owner}/`;
