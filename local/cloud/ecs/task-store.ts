import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Task } from './task.ts';

/** What is kept of a task across restarts of the cloud. */
export interface TaskRecord {
  readonly task: Task;
  /** The parameters that the client token stands for, to tell a repeat from a conflict. */
  readonly clientToken?: string;
  readonly parameters: string;
  pid?: number;
  pidStarted?: string;
}

/** Tasks on disk: stopped ones are kept for an hour, as ECS does. */
export class TaskStore {
  readonly #database: DatabaseSync;
  readonly #records = new Map<string, TaskRecord>();

  constructor(directory: string) {
    this.#database = new DatabaseSync(join(directory, 'tasks.sqlite'));
    this.#database.exec(
      'PRAGMA journal_mode = WAL; CREATE TABLE IF NOT EXISTS task (arn TEXT PRIMARY KEY, record TEXT NOT NULL)',
    );
    for (const row of this.#database.prepare('SELECT arn, record FROM task').all()) {
      this.#records.set(String(row.arn), JSON.parse(String(row.record)));
    }
  }

  all(): TaskRecord[] {
    return [...this.#records.values()];
  }

  get(arnOrId: string): TaskRecord | undefined {
    return (
      this.#records.get(arnOrId) ?? this.all().find((record) => record.task.taskArn.endsWith(`/${arnOrId}`))
    );
  }

  byClientToken(token: string): TaskRecord[] {
    return this.all().filter((record) => record.clientToken === token);
  }

  save(record: TaskRecord): void {
    this.#records.set(record.task.taskArn, record);
    this.#database
      .prepare('INSERT INTO task VALUES (?, ?) ON CONFLICT (arn) DO UPDATE SET record = excluded.record')
      .run(record.task.taskArn, JSON.stringify(record));
  }

  /** Forgets tasks that stopped before `seconds` since 1970. */
  forgetStoppedBefore(seconds: number): void {
    for (const record of this.all()) {
      if ((record.task.stoppedAt ?? Number.POSITIVE_INFINITY) >= seconds) continue;
      this.#records.delete(record.task.taskArn);
      this.#database.prepare('DELETE FROM task WHERE arn = ?').run(record.task.taskArn);
    }
  }

  close(): void {
    this.#database.close();
  }
}
