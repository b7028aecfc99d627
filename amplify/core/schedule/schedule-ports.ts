import type { Schedule } from './schedule.ts';

export interface ScheduleKey {
  owner: string;
  id: string;
}

export interface ScheduleStore {
  /** An owner's schedules, in no order. */
  list(owner: string): Promise<readonly Schedule[]>;
  get(key: ScheduleKey): Promise<Schedule | null>;
  /** Stores a row if its key is free; false when it is not. */
  add(row: Schedule): Promise<boolean>;
  /** Writes the row with its next revision, if nobody wrote since; gives it, or null. */
  save(row: Schedule): Promise<Schedule | null>;
  /** Removes the row, if nobody wrote since; false when somebody did. */
  end(row: Schedule): Promise<boolean>;
  /** Removes rows, whatever became of them; one that is gone is no error. */
  remove(owner: string, ids: readonly string[]): Promise<void>;
  /** Rows whose time has come (index: may lag), oldest first. */
  due(now: number, limit: number): Promise<readonly ScheduleKey[]>;
}
