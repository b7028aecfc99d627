import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Button, type Channel, ChannelFault } from '../../core/channel/channel-ports.ts';
import type { ChannelReply, ChannelUpdate } from '../../core/channel/channel-update.ts';
import { channelName, type Place } from '../../core/channel/place.ts';

/** A message of the agent's as people see it. */
export interface ShownMessage {
  /** Without its formatting; a file's text where it is one. */
  readonly text: string;
  /** What its buttons bring back. */
  readonly buttons: readonly string[];
}

/** A channel with the far end in the test's hands: what people see there, and what they do. */
export interface ChannelUnderTest {
  readonly channel: Channel;
  /** Where one person talks with the agent, and where others read along. */
  readonly places: readonly [privately: Place, inCompany: Place];
  /** What must never be in an error. */
  readonly secret: string;
  /** What a place shows of the agent, oldest first. */
  shown(place: Place): readonly ShownMessage[];
  /** The answers that are shown for a while. */
  drafts(place: Place): readonly string[];
  /** The next message is not sent, for this reason. */
  fail(kind: ChannelFault['kind']): void;
  /** Time goes by. */
  wait(ms: number): void;
  /** A person has sent a file. Gives the channel's name of it. */
  keep(bytes: Uint8Array): string;
  /** A person writes in private. */
  say(text: string): void;
  /** A person presses a button of the last message that they see. */
  press(data: string): void;
  /** What the app is told, in order: everything since the last call. */
  read(): Promise<readonly ChannelUpdate[]>;
  /** What the app is told when the same comes again. */
  readAgain(): Promise<readonly ChannelUpdate[]>;
  /** What the app says at once. */
  reply(reply: ChannelReply): Promise<void>;
  close(): Promise<void>;
}

const sample = `# 제목

A paragraph with **bold**, *italic*, ~~gone~~, \`code\` and [a link](https://example.com). **"공개"**는 이렇게.

- one
- two
  - **inner** 👩‍👩‍👧

\`\`\`ts
const a = "b"; // <b>&amp;</b> _*
\`\`\`

> quoted **words**

| a | b |
|---|---|
| 1 | 2 |
`;
const prose = '**Bold** words, *others*, and a list:\n\n- one 하나\n- two 둘\n\n> quoted 말';
const wordsOf = (text: string) => text.match(/[\p{L}\p{N}]+/gu) ?? [];

/** What every Channel does. `make` gives a fresh one. */
export function channelContract(name: string, make: () => Promise<ChannelUnderTest>): void {
  describe(`channel: ${name}`, () => {
    let under: ChannelUnderTest;
    let here: Place;
    beforeEach(async () => {
      under = await make();
      here = under.places[0];
    });
    afterEach(() => under.close());
    const texts = (place = here) => under.shown(place).map(({ text }) => text.trim());
    /** One call after another, no faster than the channel's pace. */
    const next = () => under.wait(under.channel.pace(here).everyMs);
    const button = (data: string): Button => ({ kind: 'stop', label: 'Press', data });

    test('has a name that its places carry, and a pace', () => {
      for (const place of under.places) {
        expect(channelName.parse(under.channel.name)).toBe(place.channel);
        const { everyMs, typingMs, draftMs } = under.channel.pace(place);
        expect(Math.min(everyMs, typingMs, draftMs)).toBeGreaterThan(0);
      }
      expect(under.places.map(({ isPrivate }) => isPrivate)).toEqual([true, false]);
    });

    test('posts, changes and removes a passing message; the same again is no fault, nor is one that is gone', async () => {
      const { channel } = under;
      for (const place of under.places) {
        const ref = await channel.post(place, 'one', []);
        expect(texts(place)).toEqual(['one']);
        for (let count = 0; count < 2; count += 1) await channel.edit(place, ref, '**two**');
        expect(texts(place)).toEqual(['two']);
        for (let count = 0; count < 2; count += 1) await channel.remove(place, ref);
        await channel.edit(place, ref, 'three');
        expect(texts(place)).toEqual([]);
        under.wait(60_000);
      }
    });

    test('a final answer comes in parts that it takes, in order, and no word is lost', async () => {
      const { channel } = under;
      const long = Array.from({ length: 200 }, (_each, at) => `${at}: ${prose}`).join('\n\n');
      const oneWord = 'x'.repeat(20_000);
      for (const answer of ['short', prose, long, '가나다 '.repeat(4_000), oneWord]) {
        const before = under.shown(here).length;
        for (const part of channel.split(answer)) {
          await channel.sendPart(here, part, {});
          next();
        }
        const said = texts().slice(before);
        if (answer === oneWord) expect(said.join('')).toContain(oneWord);
        else expect(wordsOf(answer).filter((word) => !said.some((text) => text.includes(word)))).toEqual([]);
      }
    });

    test('an earlier message becomes a part of the answer: twice is once, and a gone one does not', async () => {
      const { channel } = under;
      const [part] = channel.split('the **end**');
      if (!part) throw new Error('no part');
      const ref = await channel.post(here, 'so far', [button('a')]);
      for (let count = 0; count < 2; count += 1)
        expect(await channel.editToPart(here, ref, part, [])).toBe(true);
      expect(under.shown(here)).toEqual([{ text: 'the end', buttons: [] }]);
      await channel.remove(here, ref);
      expect(await channel.editToPart(here, ref, part, [])).toBe(false);
      expect(under.shown(here)).toEqual([]);
    });

    test('a button brings back what it was made with, up to 64 bytes, and goes with an edit', async () => {
      const { channel } = under;
      const data = `stop:${'0'.repeat(36)}:${'x'.repeat(22)}`;
      const ref = await channel.post(here, 'working', [button(data)]);
      expect(under.shown(here)[0]?.buttons).toEqual([data]);
      await under.read();
      under.press(data);
      expect(await under.read()).toMatchObject([{ kind: 'press', data, place: { isPrivate: true } }]);
      next();
      await channel.edit(here, ref, 'done', []);
      expect(under.shown(here)).toEqual([{ text: 'done', buttons: [] }]);
    });

    test('a button stands below the last part', async () => {
      const [part] = under.channel.split('failed');
      if (part) await under.channel.sendPart(here, part, { buttons: [button('retry')] });
      expect(under.shown(here)).toEqual([{ text: 'failed', buttons: ['retry'] }]);
    });

    test('wherever an answer is cut off, it can be shown as far as it is', async () => {
      const { channel } = under;
      const ref = await channel.post(here, 'begin');
      await fc.assert(
        fc.asyncProperty(fc.integer({ min: 1, max: sample.length }), async (length) => {
          under.wait(10_000);
          const cut = sample.slice(0, length);
          if (cut.trim() !== '' && wordsOf(cut).length > 0) await channel.edit(here, ref, cut);
        }),
        { numRuns: 60 },
      );
      expect(under.shown(here)).toHaveLength(1);
    });

    test('a draft takes the place of the one before, and nothing of it stays below the answer', async () => {
      const { channel } = under;
      if (!channel.hasDrafts(here)) return;
      for (const text of ['a', 'a **b', 'a **b** c']) {
        await channel.draft(here, 7, text, true);
        next();
      }
      expect(under.drafts(here)).toEqual(['a b c']);
      expect(under.shown(here)).toEqual([]);
      const [part] = channel.split('a **b** c.');
      if (part) await channel.sendPart(here, part, {});
      expect(under.drafts(here)).toEqual([]);
      expect(texts()).toEqual(['a b c.']);
    });

    test('at its own pace an answer grows for as long as it likes, and typing leaves nothing', async () => {
      const { channel } = under;
      for (const place of under.places) {
        const ref = await channel.post(place, 'begin');
        for (let count = 0; count < 40; count += 1) {
          under.wait(channel.pace(place).everyMs);
          await channel.typing(place);
          await channel.edit(place, ref, `word ${count}`);
        }
        expect(texts(place)).toEqual(['word 39']);
      }
    });

    test.each(['busy', 'unreachable', 'closed', 'refused'] as const)(
      'says that it was %s, and nothing of the text or the key',
      async (kind) => {
        under.fail(kind);
        const fault: unknown = await under.channel
          .post(here, 'a private word')
          .catch((error: unknown) => error);
        if (!(fault instanceof ChannelFault)) throw new Error(`no fault of the channel: ${String(fault)}`);
        expect(fault.kind).toBe(kind);
        expect(fault.retryAfterMs > 0).toBe(kind === 'busy');
        expect(`${fault.message} ${fault.stack} ${String(fault.cause)}`).not.toMatch(
          new RegExp(`private word|${under.secret}`),
        );
        under.wait(fault.retryAfterMs);
        await under.channel.post(here, 'again');
        expect(texts()).toEqual(['again']);
      },
    );

    test('files go in groups, each file once; each is a message of its own with its name', async () => {
      const { channel } = under;
      const files = ['a.txt', 'b.csv', '보고서.pdf', 'c.txt', 'd.bin'].map((file) => {
        const bytes = new TextEncoder().encode(file);
        return { name: file, type: 'application/octet-stream', size: bytes.length, bytes };
      });
      const refs: string[] = [];
      for (const group of channel.groupFiles(files)) {
        expect(group.length).toBeGreaterThan(0);
        const sent = await channel.sendFiles(here, group, {});
        expect(sent).toHaveLength(group.length);
        refs.push(...sent);
        under.wait(group.length * channel.pace(here).everyMs);
      }
      expect(new Set(refs).size).toBe(files.length);
      const seen = texts().join('\n');
      expect(files.filter(({ name: file }) => !seen.includes(file))).toEqual([]);
      expect(texts()).toHaveLength(files.length);
      expect(channel.groupFiles([])).toEqual([]);
    });

    test('what somebody sent is fetched byte by byte; what is too large or not there is refused', async () => {
      const bytes = new Uint8Array([0, 255, 1, 254]);
      const ref = under.keep(bytes);
      expect(Buffer.from(await under.channel.fetchFile(ref, 4)).equals(bytes)).toBe(true);
      for (const [wrong, most] of [
        [ref, 3],
        ['no-such-file', 4],
      ] as const) {
        const fault: unknown = await under.channel.fetchFile(wrong, most).catch((error: unknown) => error);
        expect(fault).toMatchObject({ kind: 'refused' });
        expect(String(fault)).not.toContain(under.secret);
      }
    });

    test('an answer to what is gone is sent all the same', async () => {
      const [part] = under.channel.split('answer');
      if (part) await under.channel.sendPart(here, part, { replyTo: '999999' });
      expect(texts()).toEqual(['answer']);
    });

    test('what a person writes is read once and the same however often it comes, in order', async () => {
      await under.read();
      for (const text of ['one', 'two', '/new', '/start a-code']) under.say(text);
      const updates = await under.read();
      expect(updates).toMatchObject([
        { kind: 'message', text: 'one', place: here, sentAt: expect.any(Number) },
        { kind: 'message', text: 'two', place: here },
        { kind: 'command', name: 'new', argument: '', place: here },
        { kind: 'command', name: 'start', argument: 'a-code', place: here },
      ]);
      expect(await under.readAgain()).toEqual(updates);
      const sequences = updates.map((update) => ('sequence' in update ? update.sequence : -1));
      expect(sequences).toEqual([...new Set(sequences)].sort((a, b) => a - b));
      expect(sequences.every((each) => Number.isSafeInteger(each) && each >= 0 && each < 2 ** 40)).toBe(true);
      expect(
        new Set(updates.map((update) => ('place' in update ? JSON.stringify(update.place) : ''))).size,
      ).toBe(1);
    });

    test('what the app says at once is said, and silence is silence', async () => {
      await under.reply({ kind: 'silent' });
      await under.reply({ kind: 'typing', place: here });
      expect(texts()).toEqual([]);
      await under.reply({ kind: 'text', place: here, markdown: '**Hello** there' });
      expect(texts()).toEqual(['Hello there']);
    });
  });
}
