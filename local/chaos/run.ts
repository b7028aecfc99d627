import { setTimeout as delay } from 'node:timers/promises';
import type { Event } from '../../amplify/core/event.ts';
import { isFree, type Lease } from '../../amplify/core/lease.ts';
import { isFinal, isRetryable } from '../../amplify/core/message.ts';
import { newId } from '../../amplify/core/message-id.ts';
import { pendingKey, type StoredMessage } from '../../amplify/core/message-row.ts';
import { toText } from './agent/script.ts';
import type { Connections } from './connections.ts';
import type { Hit } from './faults/fault-ports.ts';
import { inject } from './faults/inject.ts';
import { audit, type Evidence, type Sent } from './ledger.ts';
import { OwnerTasks } from './owner-tasks.ts';
import { idleSeconds, type Moment, type Plan, type PlannedFault, type PlannedMessage } from './plan.ts';
import { Schedule } from './schedule.ts';
import type { Stack } from './stack.ts';
import { connectUser, type User } from './user.ts';

export interface RunResult {
  readonly plan: Plan;
  /** Empty: everything that was promised was kept. */
  readonly violations: readonly string[];
  /** What happened, a line each. */
  readonly timeline: readonly string[];
  readonly milliseconds: number;
  /** In the order of the plan, and whether each met what it was meant for. */
  readonly faults: readonly { readonly kind: PlannedFault['kind']; readonly isHit: boolean }[];
  /** Accepted ones, and how many of them were answered in the end. */
  readonly messages: number;
  readonly answered: number;
}

/**
 * A run that has not come to rest after this is given up, milliseconds. A task whose start was cut off waits a minute
 * for its session; the real agent takes its time to boot, and a busy machine for everything.
 */
const patience = { scripted: 300_000, real: 480_000 } as const;
const lookEvery = 250;
/** With no task and no change for this long, time is made to pass: nothing but the sweeper will go on, milliseconds. */
const stillness = 3_000;
/** As core/message-id.ts has it. */
const clockLimit = 5 * 60_000;

/** What the demo model behind the real agent answers to. */
const realText = (message: PlannedMessage): string =>
  message.steps.some((step) => step.do === 'tool') ? 'Please use a tool' : 'Hello there';

/** Does what the plan says as a new owner, waits until everything is at rest, and checks the books. */
export async function runPlan(stack: Stack, connections: Connections, plan: Plan): Promise<RunResult> {
  const session = await stack.newOwner();
  const begun = Date.now();
  const disturbedBefore = stack.disturbances.count;
  const timeline: string[] = [];
  const say = (text: string) =>
    timeline.push(`${((Date.now() - begun) / 1_000).toFixed(2).padStart(6)} ${text}`);
  const tasks = new OwnerTasks(stack, session.owner, { change: say, output: (line) => say(`  ${line}`) });
  const over = new AbortController();
  const { owner } = session;
  const data = stack.cloud.outputs.data as { url: string };
  const user = await connectUser(data.url, session);
  const events: Event[] = [];
  const schedule = new Schedule();
  const later = (wait: number, work: () => Promise<void>) => schedule.later(wait, work);
  const hits = new Map<PlannedFault, Hit>();

  const conversations = [newId(), newId()];
  for (const id of conversations) await user.newConversation(id);
  await user.saveSettings({ idleSeconds, capacity: plan.capacity });

  const sent: Sent[] = plan.messages.map((message) => ({
    key: { conversationId: conversations[message.conversation] ?? '', id: newId(Date.now() + message.skew) },
    text: stack.kind === 'real' ? realText(message) : toText(message.steps),
    clockOff: message.skew > clockLimit,
    stopped: false,
    retries: 0,
  }));

  user.onEvent((event) => {
    events.push(event);
    say(describe(event));
    for (const moment of momentsOf(event)) schedule.came(moment);
    if (event.kind !== 'message.finished' || !isRetryable(event.message.status)) return;
    const index = sent.findIndex(({ key }) => key.id === event.messageId);
    const { attempt } = event.message;
    const wait = plan.messages[index]?.retries[attempt - 1];
    const mine = sent[index];
    if (wait === undefined || !mine || retried.has(`${event.messageId}:${attempt}`)) return;
    retried.add(`${event.messageId}:${attempt}`);
    schedule.later(wait, async () => {
      const reply = await user.retry(mine.key, attempt);
      if (reply === 'accepted') mine.retries += 1;
      say(`retry of ${mine.key.id.slice(-6)}:${attempt}: ${reply}`);
    });
  });
  const retried = new Set<string>();

  plan.messages.forEach((message, index) => {
    const mine = sent[index];
    if (mine) schedule.plan(message.when, () => send(user, message, mine, schedule, say));
  });
  for (const fault of plan.faults) {
    schedule.plan(fault.when, async () => {
      say(`fault ${fault.kind} …`);
      const hit = await inject({ stack, connections, tasks, owner, over: over.signal, later }, fault);
      hits.set(fault, hit);
      say(`fault ${fault.kind}: ${hit() ?? 'nothing yet'}`);
    });
  }

  schedule.came('begin');
  const look = async () => {
    const lease = await stack.tables.lease(owner);
    const found = await Promise.all(sent.map(({ key }) => stack.tables.message(owner, key)));
    const rows = new Map(found.flatMap((row) => (row ? [[pendingKey(row), row] as const] : [])));
    const sessions = await Promise.all(
      tasks.ids.map(async (taskId) => ({ taskId, session: await stack.tables.session(taskId) })),
    );
    return { lease, rows, sessions };
  };
  type Look = Awaited<ReturnType<typeof look>>;
  const isAtRest = ({ lease, rows, sessions }: Look) =>
    schedule.idle &&
    tasks.living.length === 0 &&
    [...rows.values()].every(({ status }) => isFinal(status)) &&
    (!lease || isFree(lease)) &&
    sessions.every((each) => !each.session || each.session.stoppedAt !== undefined);

  let seen = await look();
  let changedAt = Date.now();
  let before = '';
  let atRest = false;
  for (const deadline = begun + patience[stack.kind]; Date.now() < deadline; await delay(lookEvery)) {
    if (tasks.living.length > 0 || !schedule.idle) {
      changedAt = Date.now();
      continue;
    }
    seen = await look();
    if (isAtRest(seen)) {
      // What follows at once (an event on its way, the next wake) is still to come.
      await delay(lookEvery);
      atRest = isAtRest(await look());
      if (atRest) break;
    }
    const now = JSON.stringify([seen.lease, [...seen.rows.values()], tasks.ids]);
    if (now !== before) changedAt = Date.now();
    before = now;
    if (Date.now() - changedAt > stillness) {
      say('time passes; the sweeper runs');
      await passTime(stack, owner, seen.lease, [...seen.rows.values()]);
      changedAt = Date.now();
    }
  }
  over.abort();
  await schedule.settled();
  seen = await look();
  await delay(50);
  user.leave();
  tasks.close();
  const faults = plan.faults.map((fault) => {
    const what = hits.get(fault)?.();
    say(`in the end, fault ${fault.kind}: ${what ?? 'nothing was there to hit'}`);
    return { kind: fault.kind, isHit: what !== undefined };
  });

  const evidence: Evidence = {
    sent,
    ...seen,
    atRest,
    livingTasks: tasks.living.map(({ taskArn }) => taskArn),
    events,
    journal: stack.journal(),
    disturbed: plan.faults.length > 0 || stack.disturbances.count > disturbedBefore,
  };
  for (const { at, event, run, boot } of evidence.journal ?? []) {
    if (!sent.some(({ key }) => run?.startsWith(`${key.id}:`))) continue;
    timeline.push(
      `${((at - begun) / 1_000).toFixed(2).padStart(6)} agent ${boot} ${event} ${run?.slice(-8) ?? ''}`,
    );
  }
  timeline.sort();
  return {
    plan,
    violations: audit(evidence),
    timeline,
    milliseconds: Date.now() - begun,
    faults,
    messages: sent.filter(({ reply }) => reply === 'accepted').length,
    answered: [...seen.rows.values()].filter(({ status }) => status === 'answered').length,
  };
}

async function send(
  user: User,
  message: PlannedMessage,
  mine: Sent,
  schedule: Schedule,
  say: (text: string) => void,
): Promise<void> {
  const name = mine.key.id.slice(-6);
  say(`send ${name} ×${message.copies}`);
  const copies = Array.from({ length: message.copies }, () => user.send(mine.key, mine.text));
  const replies = await Promise.all(copies);
  mine.reply = replies.find((reply) => reply !== 'accepted') ?? 'accepted';
  say(`sent ${name}: ${replies}`);
  if (mine.reply !== 'accepted') return;
  schedule.came('sent');
  if (message.resend !== undefined) {
    schedule.later(message.resend, async () => {
      say(`resend ${name}: ${await user.send(mine.key, mine.text)}`);
    });
  }
  if (message.stop !== undefined) {
    schedule.later(message.stop, async () => {
      mine.stopped = true;
      say(`stop ${name}: ${await user.stop(mine.key)}`);
    });
  }
}

/** Nobody renews the lease, nobody answers: the minutes until the sweeper finds that out go by. */
async function passTime(
  stack: Stack,
  owner: string,
  lease: Lease | null,
  rows: readonly StoredMessage[],
): Promise<void> {
  if (lease && !isFree(lease)) await stack.tables.ageLease(owner).catch(() => {});
  const open = rows.filter(({ status }) => !isFinal(status));
  await Promise.all(open.map((row) => stack.tables.ageMessage(owner, row).catch(() => {})));
  await stack.sweep();
}

function momentsOf(event: Event): Moment[] {
  switch (event.kind) {
    case 'message.started':
      return ['started'];
    case 'message.delta':
      return ['delta'];
    case 'message.tool':
      return ['tool'];
    case 'message.finished':
      return ['finished'];
    case 'agent.changed':
      if (event.agent.state === 'waking')
        return event.agent.phase === 'booting' ? ['waking', 'booting'] : ['waking'];
      if (event.agent.state === 'awake') return ['ready'];
      return event.agent.state === 'asleep' ? ['asleep'] : [];
    default:
      return [];
  }
}

function describe(event: Event): string {
  const id = 'messageId' in event ? event.messageId.slice(-6) : '';
  switch (event.kind) {
    case 'message.started':
      return `event started ${id}:${event.attempt} epoch ${event.epoch}`;
    case 'message.finished':
      return `event finished ${id}:${event.message.attempt} epoch ${event.message.epoch} ${event.message.status} ${event.message.error?.code ?? ''}`;
    case 'agent.changed':
      return `event agent ${event.agent.state} ${event.agent.phase ?? ''} ${event.agent.error?.code ?? ''}`;
    default:
      return `event ${event.kind} ${id}`;
  }
}
