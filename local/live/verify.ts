import { type ECSClient, ListTasksCommand, StopTaskCommand } from '@aws-sdk/client-ecs';
import type { Event } from '../../amplify/core/event.ts';
import { newId } from '../../amplify/core/message-id.ts';
import type { Person } from './person.ts';

/** What was looked at on a deployment: a row of the page of claims. */
export interface Observation {
  readonly claim: string;
  readonly seen: string;
  readonly holds: boolean;
}

interface World {
  readonly ada: Person;
  readonly ben: Person;
  readonly ecs: ECSClient;
  /** ARN of the agents' cluster. */
  readonly cluster: string;
  /** How long a wake may take, milliseconds. */
  readonly patience: number;
}

const eventFields = '{ owner kind conversationId messageId body }';
const told = 'My dog is called Bori.';
const asked = 'What did I say first?';

/** Goes through a deployment once, as two people, and gives what it saw. It stops one task. */
export async function verify(world: World): Promise<readonly Observation[]> {
  const { ada, ben } = world;
  const conversationId = newId();
  const made = await ada.ask(
    `mutation ($id: String!) { createConversation(id: $id, title: "") ${eventFields} }`,
    {
      id: conversationId,
    },
  );
  const sent = performance.now();
  const phases = phasesOf(ada, sent);
  const first = await turn(world, conversationId, told);
  const seconds = ((performance.now() - sent) / 1000).toFixed(1);
  const observations: Observation[] = [
    {
      claim: 'It runs on AWS: a message wakes a task and is answered',
      seen: first.answered
        ? `answered after ${seconds} s`
        : `${first.error ?? 'no answer'} ${made.errors.join()}`,
      holds: first.answered,
    },
    {
      claim: 'An ECS task role’s session is named after the task',
      seen: first.answered ? 'its fields were authorized by it' : 'no task was authorized',
      holds: first.answered,
    },
    { claim: 'Cold start on Fargate, by phase', seen: phases(), holds: first.answered },
    await foreignRows(ben, conversationId),
    await forbiddenFields(ben),
    {
      claim: 'People hear their own events and no others',
      seen: `one heard ${ada.heard.length} events, the other ${ben.heard.length}`,
      holds: ada.heard.length > 0 && ben.heard.length === 0,
    },
  ];
  return first.answered ? [...observations, await handOver(world, conversationId)] : observations;
}

/** Sends a message and waits for its end. */
async function turn({ ada, patience }: World, conversationId: string, text: string) {
  const id = newId();
  const { errors } = await ada.ask(
    'mutation ($conversationId: String!, $id: String!, $text: String!) { sendMessage(conversationId: $conversationId, id: $id, text: $text) }',
    { conversationId, id, text },
  );
  if (errors.length > 0) return { answered: false, answer: '', error: errors.join('; ') };
  const isEnd = (event: Event) => event.kind === 'message.finished' && event.messageId === id;
  try {
    const event = await ada.hears('an answer', isEnd, patience);
    if (event.kind !== 'message.finished') throw new Error('another event');
    const { status, answer, error } = event.message;
    return {
      answered: status === 'answered',
      answer,
      error: error ? `${error.code} ${error.detail ?? ''}` : undefined,
    };
  } catch (error) {
    return { answered: false, answer: '', error: (error as Error).message };
  }
}

/** Notes when which phase was first told; gives them as text. */
function phasesOf(ada: Person, since: number): () => string {
  const times = new Map<string, number>();
  void ada
    .hears(
      'every phase',
      (event) => {
        if (event.kind !== 'agent.changed') return false;
        const phase = event.agent.state === 'awake' ? 'ready' : event.agent.phase;
        if (phase && !times.has(phase)) times.set(phase, (performance.now() - since) / 1000);
        return phase === 'ready';
      },
      3_600_000,
    )
    .catch(() => {});
  return () => [...times].map(([phase, at]) => `${phase} ${at.toFixed(1)} s`).join(', ');
}

async function foreignRows(ben: Person, conversationId: string): Promise<Observation> {
  const list = await ben.ask(
    'query ($conversationId: String!) { messages(conversationId: $conversationId) { items } }',
    { conversationId },
  );
  const send = await ben.ask(
    'mutation ($conversationId: String!, $id: String!) { sendMessage(conversationId: $conversationId, id: $id, text: "hello") }',
    { conversationId, id: newId() },
  );
  const refused = [list, send].every(({ errors }) => errors.some((error) => error.includes('not_found')));
  return {
    claim: 'Nobody reads another’s conversation or writes into it',
    seen: refused ? 'refused both' : `${JSON.stringify(list)} ${JSON.stringify(send)}`.slice(0, 300),
    holds: refused,
  };
}

async function forbiddenFields(ben: Person): Promise<Observation> {
  const answers = await Promise.all([
    ben.ask('mutation { agentPull }'),
    ben.ask(`mutation { systemPublish(owner: "x", kind: "x", body: "{}") ${eventFields} }`),
  ]);
  const refused = answers.every(({ errors }) =>
    errors.some((error) => /Unauthorized|Not Authorized/i.test(error)),
  );
  return {
    claim: 'No token of a person calls a task’s or a function’s field',
    seen: refused ? 'refused both' : JSON.stringify(answers).slice(0, 300),
    holds: refused,
  };
}

/** Stops the task as a Spot notice would: SIGTERM. It must save, leave, and the next one must remember. */
async function handOver(world: World, conversationId: string): Promise<Observation> {
  const { ada, ecs, cluster, patience } = world;
  const claim = 'A task that is told to stop saves, leaves, and the next one remembers';
  const { taskArns = [] } = await ecs.send(new ListTasksCommand({ cluster, desiredStatus: 'RUNNING' }));
  const before = ada.heard.length;
  for (const task of taskArns) await ecs.send(new StopTaskCommand({ cluster, task, reason: 'verification' }));
  const begun = performance.now();
  try {
    const isAsleep = (event: Event) =>
      ada.heard.indexOf(event) >= before && event.kind === 'agent.changed' && event.agent.state === 'asleep';
    await ada.hears('the agent to leave', isAsleep, patience);
  } catch (error) {
    return { claim, seen: (error as Error).message, holds: false };
  }
  const left = ((performance.now() - begun) / 1000).toFixed(1);
  const again = await turn(world, conversationId, asked);
  const remembers = again.answer.includes('Bori');
  return {
    claim,
    seen: `left after ${left} s; ${again.answered ? (remembers ? 'remembered' : 'did not remember') : again.error}`,
    holds: again.answered && remembers,
  };
}
