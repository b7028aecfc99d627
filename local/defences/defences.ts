import type { Defence } from './defence.ts';
import { ofItsUsers } from './of-its-users.ts';
import { ofPush } from './of-push.ts';
import { ofTheBackend } from './of-the-backend.ts';
import { ofThePage } from './of-the-page.ts';
import { ofTheTask } from './of-the-task.ts';

/** The defences of docs/threats.md, each with the way to take it away and the test that has to fail then. */
export const defences: readonly Defence[] = [
  ...ofTheBackend,
  ...ofPush,
  ...ofTheTask,
  ...ofThePage,
  ...ofItsUsers,
];
