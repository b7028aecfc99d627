import { randomUUID } from 'node:crypto';
import type { CloudContext, HttpReply, SessionCredentials } from '../service.ts';
import { type Task, taskIdOf } from './task.ts';

const path = '/credentials/';

/**
 * The credentials endpoint of each task, at an address that nobody can guess. The session's name is the task's id.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html
 */
export class TaskCredentials {
  readonly #context: CloudContext;
  readonly #tasks = new Map<string, { taskArn: string; roleArn: string; issued: SessionCredentials[] }>();

  constructor(context: CloudContext) {
    this.#context = context;
  }

  /** Makes the endpoint of a task. Gives its URI. */
  issue(task: Task, roleArn: string): string {
    const id = randomUUID();
    this.#tasks.set(id, { taskArn: task.taskArn, roleArn, issued: [] });
    return `${this.#context.endpoint}${path}${id}`;
  }

  /** Ends the endpoint and whatever credentials it gave. */
  revoke(taskArn: string): void {
    for (const [id, entry] of this.#tasks) {
      if (entry.taskArn !== taskArn) continue;
      for (const credentials of entry.issued) this.#context.iam.revoke(credentials.accessKeyId);
      this.#tasks.delete(id);
    }
  }

  accepts(pathname: string): boolean {
    return pathname.startsWith(path);
  }

  reply(pathname: string): HttpReply {
    const entry = this.#tasks.get(pathname.slice(path.length));
    if (!entry)
      return { status: 404, body: JSON.stringify({ code: 'NotFound', message: 'no such credentials' }) };
    const credentials = this.#context.iam.assumeRole({
      roleArn: entry.roleArn,
      sessionName: taskIdOf(entry.taskArn),
      lifetimeSeconds: 6 * 3600,
    });
    entry.issued.push(credentials);
    return {
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        RoleArn: entry.roleArn,
        AccessKeyId: credentials.accessKeyId,
        SecretAccessKey: credentials.secretAccessKey,
        Token: credentials.sessionToken,
        Expiration: credentials.expiration.toISOString().replace(/\.\d+Z$/, 'Z'),
      }),
    };
  }
}
