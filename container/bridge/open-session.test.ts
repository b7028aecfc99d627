import { expect, test } from 'vitest';
import type { NotYet, TaskGrant } from '../../amplify/core/task-grant.ts';
import { Refused, Unreachable } from './appsync/error.ts';
import { openSession } from './open-session.ts';

const grant: TaskGrant = { epoch: 2, idleSeconds: 600, model: null, snapshots: [] };
const patience = 60_000;
const refused = new Refused('agentOpenSession', 'unauthorized', 'no session');
const silent = new Unreachable('agentOpenSession', { detail: 'no answer' });
const over = new AbortController();

/** Answers one after the other, the last for ever; gives when it was asked, in seconds. Time passes at once. */
function open(...answers: (TaskGrant | NotYet | Error)[]) {
  let now = 0;
  const time = {
    now: () => now,
    pass: async (milliseconds: number) => {
      now += milliseconds;
    },
  };
  const asked: number[] = [];
  const backend = {
    openSession: async () => {
      asked.push(now / 1_000);
      const answer = answers.length > 1 ? answers.shift() : answers[0];
      if (answer instanceof Error || answer === undefined) throw answer;
      return answer;
    },
  };
  const result = openSession(backend, patience, () => {}, over.signal, time);
  return { result, asked };
}

test('a session that is not recorded yet, and an app that does not answer, are waited for up to a minute', async () => {
  const { result, asked } = open(refused, silent, refused, grant);
  expect(await result).toBe(grant);
  expect(asked).toHaveLength(4);
  const never = open(refused);
  await expect(never.result).rejects.toBe(refused);
  expect(never.asked.at(-1)).toBeLessThanOrEqual(60);
});

test('a successor waits for its turn as long as it is told to, and asks no oftener', async () => {
  const turns = Array<NotYet>(100).fill({ waits: 2_000 });
  const { result, asked } = open(...turns, grant);
  expect(await result).toBe(grant);
  expect(asked).toEqual(Array.from({ length: 101 }, (_, n) => 2 * n));
});

test('a successor whose turn never comes leaves a minute after it was told so', async () => {
  const { result, asked } = open({ waits: 2_000 }, { waits: 2_000 }, refused);
  await expect(result).rejects.toBe(refused);
  expect(asked.at(-1)).toBeLessThanOrEqual(62);
});
