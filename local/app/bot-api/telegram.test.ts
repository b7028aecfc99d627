import type { Update } from 'grammy/types';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { channelTexts } from '../../../amplify/core/channel/channel-text.ts';
import { idOfUpdate } from '../../../amplify/core/channel/update-id.ts';
import { idTime } from '../../../amplify/core/message-id.ts';
import type { StoredMessage } from '../../../amplify/core/message-row.ts';
import { sweep } from '../../../amplify/core/use-cases/sweep.ts';
import { Refusal } from './refusal.ts';
import { ann, bot, minsu, type TelegramUnderTest, telegramUnderTest } from './telegram-under-test.ts';

const owner = 'owner-1';
const { en, ko } = channelTexts;
let under: TelegramUnderTest;
beforeEach(async () => {
  under = await telegramUnderTest();
});
afterEach(() => under.api.close());

const texts = (chat: number) => under.said(chat).map(({ text }) => text);
const only = (): StoredMessage => {
  const [message, ...others] = under.messages(owner);
  if (!message || others.length > 0) throw new Error(`${others.length + (message ? 1 : 0)} messages`);
  return message;
};

/** Ann is linked and has written; the agent has it in work. */
async function inWork(more: Partial<StoredMessage> = {}): Promise<StoredMessage> {
  await under.link(ann, owner);
  under.api.person(ann).say('hello');
  await under.takeAll();
  under.world.clock.now += 2_000;
  under.world.ready(owner);
  under.world.claim(owner, only(), more);
  return only();
}

describe('Linking', () => {
  test('with a code from the web app tells both sides', async () => {
    await under.link(minsu, owner);
    expect(await under.world.links.ofOwner('telegram', owner)).toMatchObject({
      userId: '4712',
      name: '민수',
      language: 'ko',
      isActive: true,
    });
    expect(texts(minsu.id)[0]).toContain('민수 님, 연결되었습니다');
    expect(under.world.heard('channels.changed')).toHaveLength(1);
  });

  test('works once and for ten minutes', async () => {
    await under.link(ann, owner);
    under.api.person(minsu).say(`/start code-of-${owner}`);
    await under.takeAll();
    expect(texts(minsu.id).join()).toContain('10분이 지난 링크');
    expect(await under.world.links.ofUser('telegram', '4712')).toBeNull();

    await under.world.links.putCode('telegram', 'hash of late', owner, under.world.clock.now + 600_000);
    under.world.clock.now += 600_000;
    under.api.person(minsu).say('/start late');
    await under.takeAll();
    expect(await under.world.links.ofUser('telegram', '4712')).toBeNull();
  });

  test('by trying codes ends after five tries, also with the right one', async () => {
    for (let count = 0; count < 5; count += 1) under.api.person(minsu).say(`/start guess${count}`);
    await under.takeAll();
    const before = texts(minsu.id).length;
    await under.link(minsu, owner);
    expect(await under.world.links.ofUser('telegram', '4712')).toBeNull();
    expect(texts(minsu.id)).toHaveLength(before);
  });

  test('a second person ends the first one’s link, and a relinked person sees nothing of the former owner’s conversation', async () => {
    await under.link(ann, owner);
    await under.link(minsu, owner);
    expect(await under.world.links.ofUser('telegram', '4711')).toBeNull();
    under.api.person(minsu).say('one');
    await under.takeAll();
    await under.link(minsu, 'owner-2');
    // Linked already: a code is not taken from somebody who has an account.
    expect(await under.world.links.ofUser('telegram', '4712')).toMatchObject({ owner });
    under.api.person(minsu).say('/unlink');
    await under.takeAll();
    await under.link(minsu, 'owner-2');
    under.api.person(minsu).say('two');
    await under.takeAll();
    const [first] = under.messages(owner);
    const [second] = under.messages('owner-2');
    expect(second?.text).toBe('two');
    expect(second?.conversationId).not.toBe(first?.conversationId);
  });

  test('/unlink ends it, and what is written then is a stranger’s', async () => {
    await under.link(ann, owner);
    under.api.person(ann).say('/unlink');
    under.api.person(ann).say('hello?');
    await under.takeAll();
    expect(texts(ann.id).at(-2)).toBe(en.unlinked);
    expect(texts(ann.id).at(-1)).toContain('I answer only people');
    expect(under.messages(owner)).toEqual([]);
  });

  test('strangers get one polite word, then silence, and wake nobody', async () => {
    for (const text of ['hi', 'hello', '/help', 'anybody?']) under.api.person(ann).say(text);
    await under.takeAll();
    expect(texts(ann.id)).toHaveLength(1);
    expect(under.world.runner.requests).toEqual([]);
  });

  test('who blocks the bot is not written to any more, until they write again', async () => {
    await under.link(ann, owner);
    under.api.person(ann).block(true);
    await under.takeAll();
    expect(await under.world.links.ofOwner('telegram', owner)).toMatchObject({ isActive: false });
    under.api.person(ann).block(false);
    under.api.person(ann).say('back');
    await under.takeAll();
    expect(await under.world.links.ofOwner('telegram', owner)).toMatchObject({ isActive: true });
  });
});

describe('A message from Telegram', () => {
  test('is the owner’s message by its channel, wakes one task, and shows typing', async () => {
    await under.link(ann, owner);
    under.api.person(ann).say('hello');
    await under.takeAll();
    expect(only()).toMatchObject({ text: 'hello', channel: 'telegram', status: 'queued', attempt: 1 });
    expect(under.world.runner.requests).toHaveLength(1);
    expect(under.api.world.actions.map(({ action }) => action)).toEqual(['typing']);
    expect(under.world.heard('message.accepted')).toHaveLength(1);
  });

  test('a hundred times, one after the other and side by side, is one message and one task', async () => {
    await under.link(ann, owner);
    under.api.person(ann).say('hello');
    const [update] = await under.updates();
    for (let count = 0; count < 50; count += 1) await under.take(update as Update);
    await Promise.all(Array.from({ length: 50 }, () => under.take(update as Update)));
    expect(only().text).toBe('hello');
    expect(under.world.runner.requests).toHaveLength(1);
    expect([...under.world.deliveries.rows]).toHaveLength(1);
  });

  test('many at once and out of order are all there, in the order in which they were written', async () => {
    await under.link(ann, owner);
    for (let count = 0; count < 20; count += 1) under.api.person(ann).say(`message ${count}`);
    const updates = await under.updates();
    await Promise.all(updates.toReversed().map((update) => under.take(update)));
    expect(under.messages(owner).map(({ text }) => text)).toEqual(
      Array.from({ length: 20 }, (_each, count) => `message ${count}`),
    );
    expect(new Set(under.messages(owner).map(({ conversationId }) => conversationId)).size).toBe(1);
  });

  test('stays in one conversation until /new, which makes one conversation however often it comes', async () => {
    await under.link(ann, owner);
    under.api.person(ann).say('one');
    under.api.person(ann).say('/new');
    under.api.person(ann).say('two');
    const [one, fresh, two] = await under.updates();
    await under.take(one as Update);
    await under.take(fresh as Update);
    await under.take(fresh as Update);
    await under.take(two as Update);
    const ids = under.messages(owner).map(({ conversationId }) => conversationId);
    expect(new Set(ids).size).toBe(2);
    expect(under.world.conversations.rows.size).toBe(2);
  });

  test('goes on in a new conversation when the web app has deleted the old one', async () => {
    await under.link(ann, owner);
    under.api.person(ann).say('one');
    await under.takeAll();
    under.world.conversations.rows.clear();
    under.api.person(ann).say('two');
    await under.takeAll();
    expect(under.messages(owner).map(({ text }) => text)).toEqual(['one', 'two']);
  });

  test('that answers another one carries it as a quote', async () => {
    await under.link(ann, owner);
    const { message } = under.api.person(ann).say('The sky is green.');
    under.api.person(ann).say('Is that true?', { replyTo: message.message_id });
    await under.takeAll();
    expect(under.messages(owner).at(-1)?.text).toBe('> The sky is green.\n\nIs that true?');
  });

  test('that breaks a rule gets a clear word and changes nothing', async () => {
    await under.link(minsu, owner);
    under.api.person(minsu).say('   ');
    await under.takeAll();
    expect(texts(minsu.id).at(-1)).toMatch(/^⚠️ /);
    expect(under.messages(owner)).toEqual([]);
  });

  test('of a kind that is not read says so', async () => {
    await under.link(ann, owner);
    under.api.person(ann).say('a poll');
    const [update] = await under.updates();
    const { text: _text, ...message } = (update as Update).message as NonNullable<Update['message']>;
    await under.take({ ...update, message: { ...message, poll: {} } } as unknown as Update);
    expect(texts(ann.id).at(-1)).toBe(en.unsupported);
  });

  test('has an id that any replay finds, of the time when it was written, sorted by the update', () => {
    const sentAt = Date.parse('2026-05-01T09:00:00Z');
    const ids = [1, 2, 2 ** 28, 2 ** 28 + 1, 2 ** 39].map((sequence) =>
      idOfUpdate('x', { sequence, sentAt }),
    );
    expect(ids).toEqual([...ids].sort());
    expect(new Set(ids).size).toBe(5);
    expect(ids.map(idTime)).toEqual(ids.map(() => sentAt));
    expect(idOfUpdate('x', { sequence: 7, sentAt })).toBe(idOfUpdate('x', { sequence: 7, sentAt }));
    expect(idOfUpdate('y', { sequence: 7, sentAt })).not.toBe(idOfUpdate('x', { sequence: 7, sentAt }));
  });
});

describe('While the agent works', () => {
  test('one message follows the wake by phase and is gone when the agent begins', async () => {
    await under.link(ann, owner);
    under.api.person(ann).say('hello');
    await under.takeAll();
    const before = under.said(ann.id).length;
    await under.deliver(owner, only());
    expect(texts(ann.id).at(-1)).toBe(en.wake.requested);
    const row = under.world.lease(owner);
    if (row) under.world.leases.rows.set(owner, { ...row, phase: 'booting' });
    under.world.clock.now += 1_000;
    await under.deliver(owner, only());
    expect(under.said(ann.id)).toHaveLength(before + 1);
    expect(texts(ann.id).at(-1)).toBe(en.wake.booting);
    under.world.ready(owner);
    under.world.claim(owner, only());
    under.world.clock.now += 1_000;
    await under.deliver(owner, only());
    expect(under.said(ann.id)).toHaveLength(before);
  });

  test('the answer grows as a draft that can be stopped, and ends as a real message', async () => {
    const message = await inWork({ answer: 'The **answer' });
    const before = under.said(ann.id).length;
    await under.deliver(owner, message);
    expect(under.api.world.drafts()).toMatchObject([
      { text: 'The answer', canStop: true, entities: [{ type: 'bold', offset: 4, length: 6 }] },
    ]);
    await under.world.commit(owner, message, { status: 'answered', answer: 'The **answer** is 42.' });
    under.world.clock.now += 1_100;
    expect(await under.deliver(owner, message)).toMatchObject({ state: 'done' });
    expect(under.api.world.drafts()).toEqual([]);
    expect(texts(ann.id).slice(before)).toEqual(['The answer is 42.']);
    expect(await under.deliver(owner, message)).toMatchObject({ state: 'done' });
    expect(texts(ann.id).slice(before)).toHaveLength(1);
  });

  test('Telegram’s own Stop stops it', async () => {
    const message = await inWork({ answer: 'So' });
    await under.deliver(owner, message);
    under.api.person(ann).stopDraft();
    await under.takeAll();
    expect(only().stopRequested).toBe(true);
    expect(under.world.heard('message.stopping')).toHaveLength(1);
  });

  test('where drafts don’t work one message grows and becomes the answer', async () => {
    const message = await inWork({ answer: 'One' });
    const before = under.said(ann.id).length;
    under.api.mishap('sendMessageDraft', { refuse: new Refusal(400, 'Bad Request: TEXTDRAFT_PEER_INVALID') });
    await under.deliver(owner, message);
    expect(texts(ann.id).slice(before)).toEqual(['One']);
    under.world.clock.now += 1_100;
    under.world.claim(owner, message, { answer: 'One two' });
    await under.deliver(owner, message);
    under.world.clock.now += 1_100;
    await under.world.commit(owner, message, { status: 'answered', answer: 'One two three' });
    await under.deliver(owner, message);
    expect(texts(ann.id).slice(before)).toEqual(['One two three']);
    expect(under.said(ann.id).at(-1)).toMatchObject({ edits: 2 });
  });

  test('faster than Telegram’s pace nothing is sent', async () => {
    const message = await inWork({ answer: 'One' });
    await under.deliver(owner, message);
    const calls = under.api.calls.length;
    expect(await under.deliver(owner, message)).toMatchObject({ state: 'waits', paceMs: 1_050 });
    expect(under.api.calls).toHaveLength(calls);
  });

  test('a 429 is waited for, and nothing is lost or doubled by it', async () => {
    const message = await inWork({ answer: 'x' });
    await under.world.commit(owner, message, { status: 'answered', answer: 'done' });
    under.api.mishap('sendMessage', { refuse: new Refusal(429, 'Too Many Requests: retry after 7', 7) });
    expect(await under.deliver(owner, message)).toMatchObject({ state: 'waits', paceMs: 7_000 });
    under.world.clock.now += 6_000;
    expect(await under.deliver(owner, message)).toMatchObject({ state: 'waits', paceMs: 1_000 });
    under.world.clock.now += 1_000;
    expect(await under.deliver(owner, message)).toMatchObject({ state: 'done' });
    expect(texts(ann.id).filter((text) => text === 'done')).toHaveLength(1);
  });

  test('a command that waits for a yes is asked once and answered by a button', async () => {
    const approval = { id: 'approval-1', command: 'rm -rf build', requestedAt: '2026-05-01T09:00:00.000Z' };
    const message = await inWork({ approval });
    await under.deliver(owner, message);
    under.world.clock.now += 5_000;
    await under.deliver(owner, message);
    const asked = under.said(ann.id).filter(({ text }) => text.includes('rm -rf build'));
    expect(asked).toHaveLength(1);
    under.api.person(ann).press(asked[0] as never, en.buttons.allow);
    await under.takeAll();
    expect(only().approval).toMatchObject({ id: 'approval-1', decision: 'allow-once' });
    expect(under.api.world.toasts.map(({ text }) => text)).toEqual([en.toasts.allowed]);
    under.world.clock.now += 5_000;
    await under.deliver(owner, message);
    expect(under.said(ann.id).find(({ text }) => text.includes('rm -rf build'))).toMatchObject({
      text: '✅ Allowed\n\nrm -rf build',
      keyboard: [],
    });
  });
});

describe('A button', () => {
  test('denies a command, and says so when it is pressed again', async () => {
    const approval = { id: 'approval-1', command: 'rm -rf build', requestedAt: '2026-05-01T09:00:00.000Z' };
    const message = await inWork({ approval });
    await under.deliver(owner, message);
    const asked = under.said(ann.id).find(({ text }) => text.includes('rm -rf build'));
    for (const label of [en.buttons.deny, en.buttons.allow])
      under.api.person(ann).press(asked as never, label);
    await under.takeAll();
    expect(only().approval).toMatchObject({ decision: 'deny' });
    expect(under.api.world.toasts.map(({ text }) => text)).toEqual([en.toasts.denied, en.toasts.over]);
    under.world.clock.now += 5_000;
    await under.deliver(owner, message);
    const now = under.said(ann.id).find(({ text }) => text.includes('rm -rf build'));
    expect(now).toMatchObject({ text: '🚫 Denied\n\nrm -rf build', keyboard: [] });
  });

  test('stops a message that waits for the agent to wake, and offers it again', async () => {
    await under.link(ann, owner);
    under.api.person(ann).say('hello');
    await under.takeAll();
    await under.deliver(owner, only());
    under.api.person(ann).press(under.said(ann.id).at(-1) as never, en.buttons.stop);
    await under.takeAll();
    expect(only().status).toBe('stopped');
    expect(under.api.world.toasts.map(({ text }) => text)).toEqual([en.toasts.stopping]);
    under.world.clock.now += 2_000;
    expect(await under.deliverSoon(owner, only())).toMatchObject({ state: 'done' });
    expect(texts(ann.id)).not.toContain(en.wake.requested);
    const last = under.said(ann.id).at(-1);
    expect(last?.text).toBe('Stopped.');
    expect(last?.keyboard?.flat().map(({ text }) => text)).toEqual([en.buttons.retry]);
  });

  test('of a message that is not there any more, or that nobody made, does nothing', async () => {
    const message = await inWork({ answer: 'x' });
    await under.world.commit(owner, message, { status: 'failed', error: { code: 'internal' } });
    await under.deliver(owner, message);
    const shown = under.said(ann.id).at(-1);
    under.world.deliveries.rows.clear();
    under.api.person(ann).press(shown as never, en.buttons.retry);
    await under.takeAll();
    expect(only()).toMatchObject({ status: 'failed', attempt: 1 });
    expect(under.api.world.toasts.at(-1)?.text).toBe(en.toasts.notYours);
  });
});

describe('The end', () => {
  test('of a failure says what happened and offers a Retry that works', async () => {
    const message = await inWork();
    await under.world.commit(owner, message, { status: 'failed', error: { code: 'model.unreachable' } });
    await under.deliver(owner, message);
    const shown = under.said(ann.id).at(-1);
    expect(shown?.text).toContain('The language model could not be reached');
    under.api.person(ann).press(shown as never, en.buttons.retry);
    await under.takeAll();
    expect(only()).toMatchObject({ status: 'queued', attempt: 2 });
    under.world.claim(owner, only());
    await under.world.commit(owner, only(), { status: 'answered', answer: 'now it works' });
    under.world.clock.now += 2_000;
    expect(await under.deliverSoon(owner, only())).toMatchObject({ state: 'done' });
    expect(texts(ann.id).at(-1)).toBe('now it works');
  });

  test('is redelivered by the sweeper when nobody brought it', async () => {
    const message = await inWork();
    await under.world.commit(owner, message, { status: 'answered', answer: 'late' });
    under.world.couriers.length = 0;
    under.world.clock.now += 61_000;
    await sweep(under.world.ports);
    expect(under.world.couriers).toEqual([{ owner, id: message.id }]);
    await under.deliverSoon(owner, message);
    under.world.couriers.length = 0;
    under.world.clock.now += 120_000;
    await sweep(under.world.ports);
    expect(under.world.couriers).toEqual([]);
  });

  test('is kept from people who block the bot, and their link rests', async () => {
    const message = await inWork();
    under.api.world.blocked.add(ann.id);
    await under.world.commit(owner, message, { status: 'answered', answer: 'unwanted' });
    expect(await under.deliver(owner, message)).toMatchObject({ state: 'done' });
    expect(await under.world.links.ofOwner('telegram', owner)).toMatchObject({ isActive: false });
  });

  test('that is long comes in parts at the pace, and beyond three as its beginning and a file', async () => {
    const message = await inWork();
    const before = under.said(ann.id).length;
    const paragraph = (count: number) => `${count}: ${'word '.repeat(600)}`.trim();
    const three = [1, 2, 3].map(paragraph).join('\n\n');
    await under.world.commit(owner, message, { status: 'answered', answer: three });
    await under.deliver(owner, message);
    expect(texts(ann.id).slice(before)).toEqual([1, 2, 3].map(paragraph));

    under.api.person(ann).say('more');
    await under.takeAll();
    const second = under.messages(owner).at(-1) as StoredMessage;
    under.world.claim(owner, second);
    const long = Array.from({ length: 8 }, (_each, count) => paragraph(count)).join('\n\n');
    await under.world.commit(owner, second, { status: 'answered', answer: long });
    under.world.clock.now += 10_000;
    await under.deliverSoon(owner, second);
    const [head, file, ...rest] = under.said(ann.id).slice(before + 3);
    expect(rest).toEqual([]);
    expect(head?.text.length).toBeLessThan(1_600);
    expect(new TextDecoder().decode(file?.file?.bytes)).toBe(long);
  });

  test('of a message deleted in the web app leaves nothing of the wake', async () => {
    await under.link(ann, owner);
    under.api.person(ann).say('hello');
    await under.takeAll();
    const message = only();
    await under.deliver(owner, message);
    under.world.messages.rows.clear();
    under.world.clock.now += 2_000;
    expect(await under.deliver(owner, message)).toMatchObject({ state: 'done' });
    expect(texts(ann.id)).not.toContain(en.wake.requested);
  });
});

/** Every step of a delivery: what it notes and what it calls. The run is killed at the n-th, before or after it took effect. */
describe('A delivery that is killed', () => {
  const answer = [1, 2, 3].map((part) => `Part ${part} ${'word '.repeat(700)}`.trim()).join('\n\n');
  const shownParts = () =>
    texts(ann.id)
      .flatMap((text) => (/^Part (\d)/.exec(text) ?? []).slice(1))
      .map(Number);

  async function killedAt(step: number, moment: 'before' | 'after'): Promise<'killed' | 'over'> {
    let count = 0;
    class Kill extends Error {}
    const dying =
      <Args extends unknown[], Result>(work: (...args: Args) => Promise<Result>) =>
      async (...args: Args): Promise<Result> => {
        count += 1;
        const isNow = count === step;
        if (isNow && moment === 'before') throw new Kill();
        const result = await work(...args);
        if (isNow) throw new Kill();
        // Dead: nothing that follows may happen.
        if (count > step) throw new Kill();
        return result;
      };
    const { channel, ports } = under;
    const message = await inWork({ answer: 'so far' });
    await under.world.commit(owner, message, { status: 'answered', answer });
    const dyingPorts = {
      ...ports,
      deliveries: { ...ports.deliveries, save: dying(ports.deliveries.save) },
      channels: async () => ({
        ...channel,
        sendPart: dying(channel.sendPart),
        remove: dying(channel.remove),
      }),
    };
    const { deliver } = await import('../../../amplify/core/channel/deliver.ts');
    const end = await deliver(dyingPorts, message).then(
      () => 'over' as const,
      (error: unknown) => {
        if (error instanceof Kill) return 'killed' as const;
        throw error;
      },
    );
    // The sweeper finds it, when the hold of the dead has run out.
    under.world.clock.now += 120_000;
    const due = await under.world.deliveries.overdue(under.world.clock.now, 10);
    for (const { owner: of, ...key } of due) await under.deliverSoon(of, key);
    return end;
  }

  test.each(['before', 'after'] as const)(
    '%s any step is finished by the next, and doubles at most the one part of which nobody knows',
    async (moment) => {
      const doubled: number[][] = [];
      for (let step = 1, end = 'killed'; end === 'killed'; step += 1) {
        await under.api.close();
        under = await telegramUnderTest();
        end = await killedAt(step, moment);
        const parts = shownParts();
        expect(new Set(parts), `killed ${moment} step ${step}`).toEqual(new Set([1, 2, 3]));
        if (parts.length !== 3) doubled.push(parts);
        expect(parts.length).toBeLessThanOrEqual(4);
      }
      // Telegram has no key that says "this one I sent already": only a death between its yes and our note shows.
      expect(doubled).toEqual(moment === 'before' ? doubled.filter((each) => each.length === 4) : doubled);
      expect(doubled.length).toBeLessThanOrEqual(6);
    },
  );

  test('by an answer of Telegram’s that is lost sends that part again and no other', async () => {
    const message = await inWork();
    await under.world.commit(owner, message, { status: 'answered', answer });
    under.api.mishap('sendMessage', 'lost');
    await under.deliverSoon(owner, message);
    expect(shownParts()).toEqual([1, 1, 2, 3]);
  });

  test('by a connection that is refused sends nothing twice', async () => {
    const message = await inWork();
    await under.world.commit(owner, message, { status: 'answered', answer });
    under.api.mishap('sendMessage', 'unreachable');
    await under.deliverSoon(owner, message);
    expect(shownParts()).toEqual([1, 2, 3]);
  });

  test('two that deliver at once send everything once', async () => {
    const message = await inWork();
    await under.world.commit(owner, message, { status: 'answered', answer });
    await Promise.all(Array.from({ length: 5 }, () => under.deliverSoon(owner, message)));
    expect(shownParts()).toEqual([1, 2, 3]);
  });
});

describe('In a group', () => {
  const group = { id: -100200300, type: 'supergroup' as const, title: 'Friends' };
  const say = (who: typeof ann, text: string, more = {}) =>
    under.api.person(who).say(text, { chat: group, ...more });

  test('nobody is answered before the owner has let the agent in', async () => {
    await under.link(ann, owner);
    say(ann, `@${bot.username} hello`);
    say(minsu, `@${bot.username} hello`);
    say(minsu, `/link@${bot.username}`);
    await under.takeAll();
    expect(under.messages(owner)).toEqual([]);
    expect(under.said(group.id)).toEqual([]);
  });

  test('its owner is answered when mentioned or replied to, in a conversation of its own, and nobody else', async () => {
    await under.link(ann, owner);
    under.api.person(ann).say('private matter');
    say(ann, `/link@${bot.username}`);
    say(ann, 'just talking');
    say(ann, `@${bot.username} what is the time?`);
    say(minsu, `@${bot.username} tell me Ann’s secrets`);
    await under.takeAll();
    const [secret, asked, ...others] = under.messages(owner);
    expect(others).toEqual([]);
    expect(asked?.text).toBe('what is the time?');
    expect(asked?.conversationId).not.toBe(secret?.conversationId);

    under.world.ready(owner);
    under.world.claim(owner, asked as StoredMessage, { answer: 'It' });
    await under.deliver(owner, asked as StoredMessage);
    await under.world.commit(owner, asked as StoredMessage, { status: 'answered', answer: 'It is nine.' });
    under.world.clock.now += 3_100;
    await under.deliver(owner, asked as StoredMessage);
    const last = under.said(group.id).at(-1);
    expect(last?.text).toBe('It is nine.');
    say(ann, 'thanks', { replyTo: last?.message_id });
    await under.takeAll();
    expect(under.messages(owner).at(-1)).toMatchObject({ conversationId: asked?.conversationId });
  });

  test('somebody else with an account is not answered there, reads nothing of it, and does not take it over', async () => {
    await under.link(ann, owner);
    await under.link(minsu, 'owner-2');
    say(ann, `/link@${bot.username}`);
    say(ann, `@${bot.username} our secret`);
    await under.takeAll();
    const before = texts(group.id).length;
    say(minsu, `@${bot.username} what did Ann say?`);
    say(minsu, `/link@${bot.username}`);
    say(minsu, `/new@${bot.username}`);
    say(minsu, `/stop@${bot.username}`);
    say(minsu, `@${bot.username} and now?`);
    await under.takeAll();
    expect(texts(group.id).slice(before)).toEqual([ko.groupTaken, ko.groupNotLetIn, ko.nothingRuns]);
    expect(under.messages('owner-2')).toEqual([]);
    expect(only().status).toBe('queued');
    say(ann, `@${bot.username} still here?`);
    await under.takeAll();
    expect(new Set(under.messages(owner).map(({ conversationId }) => conversationId)).size).toBe(1);

    // Whose link has ended does not keep the group.
    under.api.person(ann).say('/unlink');
    say(minsu, `/link@${bot.username}`);
    say(minsu, `@${bot.username} hello`);
    await under.takeAll();
    expect(under.messages('owner-2').map(({ text }) => text)).toEqual(['hello']);
    expect(under.messages('owner-2')[0]?.conversationId).not.toBe(under.messages(owner)[0]?.conversationId);
  });

  test('others’ presses do nothing', async () => {
    await under.link(ann, owner);
    await under.link(minsu, 'owner-2');
    say(ann, `/link@${bot.username}`);
    say(ann, `@${bot.username} work`);
    await under.takeAll();
    await under.deliver(owner, only());
    const status = under.said(group.id).at(-1);
    under.api.person(minsu).press(status as never, en.buttons.stop);
    await under.takeAll();
    expect(only().status).toBe('queued');
    expect(under.api.world.toasts.at(-1)?.text).toBe(ko.toasts.notYours);
  });
});

describe('Topics', () => {
  test('are conversations, and answers go back to theirs', async () => {
    under.api.world.topics = true;
    await under.link(ann, owner);
    under.api.person(ann).say('in one', { thread: 11 });
    under.api.person(ann).say('in two', { thread: 22 });
    await under.takeAll();
    const [one, two] = under.messages(owner);
    expect(one?.conversationId).not.toBe(two?.conversationId);
    under.world.ready(owner);
    under.world.claim(owner, two as StoredMessage);
    await under.world.commit(owner, two as StoredMessage, { status: 'answered', answer: 'from two' });
    await under.deliver(owner, two as StoredMessage);
    expect(under.said(ann.id).at(-1)).toMatchObject({ text: 'from two', thread: 22 });
  });
});

describe('Commands', () => {
  test('/stop stops what runs and what waits in this conversation', async () => {
    await inWork();
    under.api.person(ann).say('another');
    under.api.person(ann).say('/stop');
    await under.takeAll();
    const [first, second] = under.messages(owner);
    expect(first).toMatchObject({ status: 'working', stopRequested: true });
    expect(second).toMatchObject({ status: 'stopped' });
    expect(texts(ann.id).at(-1)).toBe(en.stopping);
    // It came by Telegram: its end is told there.
    expect(under.world.couriers.some(({ id }) => id === second?.id)).toBe(true);
  });

  const ask = async (what: string, who = ann) => {
    under.world.clock.now += 2_000;
    under.api.person(who).say(what);
    await under.takeAll();
    return texts(who.id).at(-1);
  };
  const used = (more: Record<string, number> = {}) =>
    under.world.usage.rows.set(`${owner} 2026-05`, {
      ...{ period: '2026-05', counted: 1_330_000, counted01: 1_330_000, model01: 1_000_000, aws01: 230_000 },
      ...{ 'held-x': 100_000, seconds: 7_200, calls: 42, ...more },
    });

  test('/status tells asleep, waking, working and awake apart, with what the month has cost', async () => {
    await under.link(ann, owner);
    const nothing = 'This month: about $0.00. $50.00 left.';
    expect(await ask('/status')).toBe(`${en.status.asleep}\n${nothing}`);
    under.api.person(ann).say('hello');
    await under.takeAll();
    expect(await ask('/status')).toBe(`⏳ ${en.wake.requested}\n1 message is waiting.\n${nothing}`);
    under.world.ready(owner);
    used();
    const cost = 'This month: about $1.23. $48.67 left.';
    expect(await ask('/status')).toBe(`🟢 Your agent is working on a message.\n${cost}`);
    const change = (more: object) => {
      const row = under.world.lease(owner);
      if (row) under.world.leases.rows.set(owner, { ...row, pending: [], ...more });
    };
    const at = (minutes: number) => new Date(under.world.clock.now + minutes * 60_000 + 2_000).toISOString();
    change({ sleepsAt: at(5) });
    expect(await ask('/status')).toBe(`${en.status.awake}\nIt sleeps in 5 min.\n${cost}`);
    change({ keepAwakeUntil: at(120) });
    expect(await ask('/status')).toBe(`${en.status.awake}\nIt stays awake for 2 hr.\n${cost}`);
    change({ sleepRequested: true });
    expect(await ask('/status')).toBe(`${en.status.awake}\n${en.status.sleepsSoon}\n${cost}`);
    change({ state: 'failed', error: { code: 'task.no_capacity' } });
    expect(await ask('/status')).toContain(`${en.status.failed}\nAWS`);
  });

  test('/usage has the sums of the usage page, and says who has stopped spending', async () => {
    await under.link(ann, owner);
    used();
    under.world.settings.rows.set(owner, { monthCapCents: 1_000, spendingStopped: true });
    expect(await ask('/usage')).toBe(
      [
        'May 2026: about $1.23',
        '• Model: $1.00 (42 calls)\n• AWS: $0.23 (awake for 2 hr)\n• Reserved for calls that still run or whose result is not known: $0.10\n• Left: $3.67 today, $8.67 this month',
        'An estimate. The web app’s Usage page shows it day by day.',
        en.usage.stoppedBy.owner,
      ].join('\n\n'),
    );
    under.world.settings.rows.set(owner, { language: 'ko' });
    expect(await ask('/usage')).toContain('2026년 5월: 약 $1.23\n\n• 모델: $1.00 (호출 42회)');
    expect(await ask('/status')).toContain('이번 달: 약 $1.23 사용, 한도까지 $48.67 남음');
  });

  test('in a group tell nothing of what it costs', async () => {
    const group = { id: -100200300, type: 'supergroup' as const, title: 'Friends' };
    await under.link(ann, owner);
    used();
    for (const command of ['link', 'status', 'usage'])
      under.api.person(ann).say(`/${command}@${bot.username}`, { chat: group });
    await under.takeAll();
    expect(texts(group.id)).toEqual([en.groupLinked, en.status.asleep, en.inPrivate]);
  });

  test.each(['/help', '/model', '/usage', '/link', '/nonsense'])(
    '%s is answered in both languages',
    async (command) => {
      await under.link(ann, owner);
      await under.link(minsu, 'owner-2');
      under.api.person(ann).say(command);
      under.api.person(minsu).say(command);
      await under.takeAll();
      expect(texts(ann.id).at(-1)).toMatch(/[a-z]{4}/);
      expect(texts(minsu.id).at(-1)).toMatch(/[가-힣]{2}/);
    },
  );
});
