import type { Update } from 'grammy/types';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { fileKey } from '../../../amplify/core/attachment.ts';
import { channelTexts } from '../../../amplify/core/channel/channel-text.ts';
import { deliver } from '../../../amplify/core/channel/deliver.ts';
import { newId } from '../../../amplify/core/message-id.ts';
import type { StoredMessage } from '../../../amplify/core/message-row.ts';
import { type Transcript, transcriptFaults } from '../../../amplify/core/transcript.ts';
import { sweep } from '../../../amplify/core/use-cases/sweep.ts';
import { pictureSize } from './picture-size.ts';
import { picture } from './picture-under-test.ts';
import { Refusal } from './refusal.ts';
import type { FileKind, NewFile } from './stored-file.ts';
import { ann, bot, minsu, type TelegramUnderTest, telegramUnderTest } from './telegram-under-test.ts';

const owner = 'owner-1';
let under: TelegramUnderTest;
beforeEach(async () => {
  under = await telegramUnderTest();
  await under.link(ann, owner);
});
afterEach(() => under.api.close());

const texts = (chat: number) => under.said(chat).map(({ text }) => text);
const only = (): StoredMessage => {
  const [message, ...others] = under.messages(owner);
  if (!message || others.length > 0) throw new Error(`${others.length + (message ? 1 : 0)} messages`);
  return message;
};
const photo = (width = 320): NewFile => ({
  ...{ kind: 'photo', name: 'IMG_1.jpg', type: 'image/jpeg', bytes: picture(width, 200) },
});
const stored = (id: string | undefined) => under.world.files.rows.get(fileKey(owner, id ?? ''));

describe('A photo from Telegram', () => {
  test('is a message at once, which wakes the agent and waits for its file; then the file is the owner’s like any other', async () => {
    under.api.person(ann).say('What is this?', { file: photo() });
    await under.takeAll();
    expect(only()).toMatchObject({
      text: 'What is this?',
      status: 'queued',
      attachments: [{ name: 'photo-20260501-090000.jpg', type: 'image/jpeg', arriving: true }],
    });
    expect(under.world.runner.requests).toHaveLength(1);
    expect(under.world.files.rows.size).toBe(0);

    await under.receive();
    const [file] = only().attachments;
    const { bytes } = photo();
    expect(file).toEqual({
      id: file?.id,
      name: 'photo-20260501-090000.jpg',
      type: 'image/jpeg',
      size: bytes.length,
    });
    // The largest of the sizes that Telegram offers.
    expect(stored(file?.id)).toMatchObject({ type: 'image/jpeg', unsent: false });
    expect(Buffer.from(stored(file?.id)?.bytes ?? []).equals(bytes)).toBe(true);
    // Pages and task hear that it is there.
    expect(under.world.heard('message.accepted').at(-1)).toMatchObject({
      message: { attachments: [{ id: file?.id, size: bytes.length }] },
    });
  });

  test('that is sent a hundred times is one message with one file', async () => {
    under.api.person(ann).say('', { file: photo() });
    const [update] = await under.updates();
    await Promise.all(Array.from({ length: 100 }, () => under.take(update as Update)));
    await under.receive();
    expect(only().attachments).toHaveLength(1);
    expect(under.world.files.rows.size).toBe(1);
    // A late replay asks for nothing any more.
    await under.take(update as Update);
    expect(under.world.fetches).toEqual([]);
  });

  test('of which the function died before it was fetched is fetched when Telegram sends it again, or by the sweeper', async () => {
    under.api.person(ann).say('', { file: photo() });
    const [update] = await under.updates();
    await under.take(update as Update);
    under.world.fetches.length = 0;
    await under.take(update as Update);
    expect(under.world.fetches).toHaveLength(1);
    under.world.fetches.length = 0;
    under.world.clock.now += 3 * 60_000;
    await sweep(under.world.ports);
    expect(under.world.fetches).toHaveLength(1);
    await under.receive();
    expect(only().attachments[0]).not.toHaveProperty('arriving');
  });
});

describe('A file from Telegram', () => {
  test.each<[FileKind, string, string, string]>([
    ['document', '보고서.pdf', 'application/pdf', '보고서.pdf'],
    ['voice', 'x.oga', 'audio/ogg', 'voice-20260501-090000.ogg'],
    ['audio', 'song.mp3', 'audio/mpeg', 'song.mp3'],
    ['video', 'clip.mp4', 'video/mp4', 'clip.mp4'],
    ['video_note', 'x.mp4', 'video/mp4', 'video-20260501-090000.mp4'],
    ['animation', 'cat.mp4', 'video/mp4', 'cat.mp4'],
  ])('that is %s arrives with its name and type', async (kind, name, type, shown) => {
    const bytes = Buffer.from(`bytes of ${name}`);
    under.api.person(ann).say('', { file: { kind, name, type, bytes } });
    await under.takeAll();
    await under.receive();
    const [file, ...others] = only().attachments;
    expect(others).toEqual([]);
    const isVoice = kind === 'voice' && { voice: true };
    expect(file).toEqual({ id: file?.id, name: shown, type, size: bytes.length, ...isVoice });
    expect(Buffer.from(stored(file?.id)?.bytes ?? []).toString()).toBe(`bytes of ${name}`);
  });

  test('that is larger than Telegram hands to bots gets a clear word in the person’s language and is not taken', async () => {
    await under.link(minsu, 'owner-2');
    const bytes = new Uint8Array(20 * 1024 * 1024 + 1);
    for (const who of [ann, minsu])
      under.api.person(who).say('', { file: { kind: 'video', name: 'film.mp4', type: 'video/mp4', bytes } });
    await under.takeAll();
    expect(texts(ann.id).at(-1)).toBe(channelTexts.en.tooLarge('film.mp4', 20).replaceAll('`', ''));
    expect(texts(minsu.id).at(-1)).toContain('20MB까지만');
    expect([...under.world.messages.rows]).toEqual([]);
  });

  test('of a stranger is not fetched', async () => {
    under.api.person(minsu).say('', { file: photo() });
    await under.takeAll();
    expect(under.world.fetches).toEqual([]);
    expect(under.said(minsu.id)).toHaveLength(1);
  });
});

describe('A voice message', () => {
  const answered = async (transcript: Transcript) => {
    const bytes = Buffer.from('spoken');
    under.api.person(ann).say('', { file: { kind: 'voice', name: 'v.oga', type: 'audio/ogg', bytes } });
    await under.takeAll();
    await under.receive();
    under.world.ready(owner);
    under.world.claim(owner, only());
    await under.world.commit(owner, only(), { status: 'answered', answer: 'I will.', transcript });
    await under.deliverSoon(owner, only());
    return under.said(ann.id).at(-1);
  };

  test('is shown above its answer as it was understood', async () => {
    const said = await answered({ text: 'Buy milk.\nAnd bread.' });
    expect(said?.text).toBe('🎤 Buy milk.\nAnd bread.\n\nI will.');
    expect(said?.entities).toMatchObject([{ type: 'blockquote', offset: 0 }]);
  });

  test.each(transcriptFaults)('that was not (%s) is answered with a word on why', async (fault) => {
    const said = await answered({ fault });
    expect(said?.text).toBe(`${channelTexts.en.notHeard[fault].replaceAll('_', '')}\n\nI will.`);
  });
});

describe('While Telegram’s file server fails', () => {
  const send = async () => {
    under.api.person(ann).say('Look', { file: photo() });
    await under.takeAll();
  };

  /** For as long as a file is asked for. */
  const fail = () => {
    for (let tries = 0; tries < 6; tries += 1) under.api.mishap('file', 'unreachable');
  };

  test.each([
    ['drops the connection', 'file', 'unreachable'],
    ['answers 502', 'file', { refuse: new Refusal(502, 'Bad Gateway') }],
    ['does not know the path yet', 'file', { refuse: new Refusal(404, 'Not Found') }],
    ['asks for patience', 'getFile', { refuse: new Refusal(429, 'Too Many Requests: retry after 9', 9) }],
  ] as const)('for a moment (%s) the file is asked for again', async (_what, method, mishap) => {
    await send();
    under.api.mishap(method, mishap);
    await under.receive();
    expect(only()).toMatchObject({ status: 'queued', attachments: [{ size: photo().bytes.length }] });
  });

  test('for longer the message ends with a clear word and a Retry, which fetches it', async () => {
    await send();
    fail();
    await under.receive();
    expect(only()).toMatchObject({ status: 'failed', error: { code: 'attachment.not_received' } });
    await under.deliverSoon(owner, only());
    const shown = under.said(ann.id).at(-1);
    expect(shown?.text).toContain('A file could not be fetched');

    under.api.person(ann).press(shown as never, channelTexts.en.buttons.retry);
    await under.takeAll();
    expect(only()).toMatchObject({ status: 'queued', attempt: 2, attachments: [{ arriving: true }] });
    await under.receive();
    expect(only().attachments[0]).not.toHaveProperty('arriving');
  });

  test('nothing that is logged names the token', async () => {
    await send();
    fail();
    await under.receive();
    expect(JSON.stringify(under.world.logged)).toContain('file-not-received');
    expect(JSON.stringify(under.world.logged)).not.toContain(bot.token);
  });

  test('for ever, a message that was stopped or deleted meanwhile stays as it is', async () => {
    await send();
    fail();
    under.api.person(ann).say('/stop');
    await under.takeAll();
    await under.receive();
    expect(only().status).toBe('stopped');
  });

  test('a deletion in the middle leaves no file behind', async () => {
    await send();
    const { files } = under.world;
    await under.receive({
      bytes: {
        write: async (...given) => {
          await files.bytes.write(...given);
          under.world.messages.rows.clear();
        },
      },
    });
    expect(files.rows.size).toBe(0);
  });
});

describe('A file that the agent made', () => {
  const made = async (
    files: readonly { name: string; type: string; bytes: Uint8Array }[],
    answer = 'Here.',
  ) => {
    under.api.person(ann).say('draw');
    await under.takeAll();
    under.world.clock.now += 2_000;
    under.world.ready(owner);
    under.world.claim(owner, only());
    const attached = files.map(({ name, type, bytes }) => ({ id: newId(), name, type, size: bytes.length }));
    for (const [at, file] of attached.entries())
      await under.world.files.bytes.write(owner, file, files[at]?.bytes ?? new Uint8Array());
    await under.world.commit(owner, only(), { status: 'answered', answer, files: attached });
    return attached;
  };
  const chart = { name: 'chart.png', type: 'image/png', bytes: picture(640, 400) };
  const report = { name: '보고서.pdf', type: 'application/pdf', bytes: Buffer.from('a report') };
  const shown = () =>
    under
      .said(ann.id)
      .slice(1)
      .map(({ text, file }) => [file?.kind ?? 'text', file?.file_name ?? text]);

  test('comes after the words: a picture as a photo with its name, anything else as a document', async () => {
    await made([chart, report]);
    expect(await under.deliverSoon(owner, only())).toMatchObject({ state: 'done' });
    expect(shown()).toEqual([
      ['text', 'Here.'],
      ['photo', 'chart.png'],
      ['document', '보고서.pdf'],
    ]);
    const [, photoSent, documentSent] = under.said(ann.id).slice(1);
    expect(photoSent?.text).toBe('chart.png');
    expect(Buffer.from(photoSent?.file?.bytes ?? []).equals(chart.bytes)).toBe(true);
    expect(Buffer.from(documentSent?.file?.bytes ?? []).toString()).toBe('a report');
  });

  test('alone is an answer', async () => {
    await made([chart], '');
    await under.deliverSoon(owner, only());
    expect(shown()).toEqual([['photo', 'chart.png']]);
  });

  test.each([
    ['is too long and thin', { ...chart, bytes: picture(2_100, 100) }],
    ['is no picture in truth', { ...chart, bytes: Buffer.from('no picture') }],
    [
      'is too large for a photo',
      { ...chart, bytes: Buffer.concat([chart.bytes, Buffer.alloc(10 * 1024 * 1024)]) },
    ],
    ['moves', { ...chart, name: 'chart.gif', type: 'image/gif' }],
  ])('that %s comes as a document', async (_what, file) => {
    await made([file]);
    await under.deliverSoon(owner, only());
    expect(shown()).toEqual([
      ['text', 'Here.'],
      ['document', file.name],
    ]);
  });

  test('that was not kept is named with the reason below the answer, and is no message of its own', async () => {
    const lost = (name: string, missed: 'too_large' | 'too_many') => ({
      ...{ id: newId(), name, type: 'application/zip', size: 0, missed },
    });
    under.api.person(ann).say('draw');
    await under.takeAll();
    under.world.clock.now += 2_000;
    under.world.claim(owner, only());
    const files = [lost('a.zip', 'too_large'), lost('b.zip', 'too_large'), lost('c.zip', 'too_many')];
    await under.world.commit(owner, only(), { status: 'answered', answer: 'Here.', files });
    expect(await under.deliverSoon(owner, only())).toMatchObject({ state: 'done' });
    expect(shown()).toEqual([
      [
        'text',
        [
          'Here.',
          '📄 Larger than 25 MB, so not sent: a.zip, b.zip. Ask your agent to make it smaller or to split it.',
          '📄 Beyond ten files, so not sent: c.zip. Ask your agent for the rest.',
        ].join('\n\n'),
      ],
    ]);
  });

  test('that was deleted meanwhile, or that Telegram refuses, is named', async () => {
    const [gone] = await made([chart, report]);
    await under.world.files.remove(owner, [gone?.id ?? '']);
    under.api.mishap('sendDocument', { refuse: new Refusal(400, 'Bad Request: FILE_PARTS_INVALID') });
    await under.deliverSoon(owner, only());
    expect(shown()).toEqual([
      ['text', 'Here.'],
      ['text', '📄 chart.png was deleted.'],
      ['text', '📄 보고서.pdf can’t be sent here. It is in the web app.'],
    ]);
  });

  const photos = (count: number) =>
    Array.from({ length: count }, (_each, at) => ({
      ...chart,
      name: `${at}.png`,
      bytes: picture(64 + at, 40),
    }));
  const documents = (count: number) =>
    Array.from({ length: count }, (_each, at) => ({ ...report, name: `${at}.pdf` }));
  const albums = () =>
    Object.values(Object.groupBy(under.said(ann.id).slice(2), ({ mediaGroup }) => String(mediaGroup))).map(
      (each) => each?.map(({ file }) => file?.file_name),
    );

  test('goes with others of its sort as one album, at Telegram’s pace', async () => {
    await made([...documents(3), ...photos(2)]);
    // An album counts as so many messages.
    expect(await under.deliver(owner, only())).toMatchObject({ state: 'waits', paceMs: 2 * 1_050 });
    under.world.clock.now += 2 * 1_050;
    expect(await under.deliver(owner, only())).toMatchObject({ state: 'done' });
    expect(albums()).toEqual([
      ['0.png', '1.png'],
      ['0.pdf', '1.pdf', '2.pdf'],
    ]);
    expect(
      under
        .said(ann.id)
        .slice(2, 4)
        .map(({ text }) => text),
    ).toEqual(['0.png', '1.png']);
  });

  test('is no part of an album that would be too large for one call', async () => {
    const bytes = Buffer.alloc(9 * 1024 * 1024, 1);
    await made(documents(3).map((each) => ({ ...each, bytes })));
    for (let calls = 0; (await under.deliverSoon(owner, only())).state !== 'done'; calls += 1)
      under.world.clock.now += calls < 9 ? 20_000 : Number.NaN;
    expect(
      shown()
        .slice(1)
        .map(([, name]) => name),
    ).toEqual(['0.pdf', '1.pdf', '2.pdf']);
    const [first, second, alone] = under
      .said(ann.id)
      .slice(2)
      .map(({ mediaGroup }) => mediaGroup);
    expect([first === second, first === undefined, alone]).toEqual([true, false, undefined]);
  });

  test('that spoils its album comes as a document, and the others as they should', async () => {
    const odd = { ...chart, name: 'odd.png', bytes: picture(2_100, 100) };
    await made([chart, odd, { ...chart, name: 'more.png' }]);
    for (let calls = 0; calls < 5; calls += 1) {
      if ((await under.deliverSoon(owner, only())).state === 'done') break;
      under.world.clock.now += 20_000;
    }
    expect(shown().slice(1)).toEqual([
      ['photo', 'chart.png'],
      ['document', 'odd.png'],
      ['photo', 'more.png'],
    ]);
  });

  test('that was deleted from an album is named, and the others come', async () => {
    const [, gone] = await made(photos(3));
    await under.world.files.remove(owner, [gone?.id ?? '']);
    await under.deliverSoon(owner, only());
    expect(shown().slice(1)).toEqual([
      ['photo', '0.png'],
      ['text', '📄 1.png was deleted.'],
      ['photo', '2.png'],
    ]);
  });

  test('is brought by the next call when one is killed at any step, and doubled at most where nobody knows', async () => {
    let doubled = 0;
    for (const moment of ['before', 'after'] as const) {
      for (let step = 1, isKilled = true; isKilled; step += 1) {
        await under.api.close();
        under = await telegramUnderTest();
        await under.link(ann, owner);
        await made([...photos(2), report]);
        let count = 0;
        const dying =
          <Args extends unknown[], Result>(work: (...args: Args) => Promise<Result>) =>
          async (...args: Args): Promise<Result> => {
            count += 1;
            if (count > step || (count === step && moment === 'before')) throw new Error('killed');
            const result = await work(...args);
            if (count === step) throw new Error('killed');
            return result;
          };
        const { channel, ports } = under;
        const dyingPorts = {
          ...ports,
          deliveries: { ...ports.deliveries, save: dying(ports.deliveries.save) },
          bytes: { read: dying(ports.bytes.read) },
          channels: async () => ({
            ...channel,
            sendPart: dying(channel.sendPart),
            sendFiles: dying(channel.sendFiles),
          }),
        };
        isKilled = await deliver(dyingPorts, only()).then(
          () => false,
          () => true,
        );
        under.world.clock.now += 120_000;
        for (const { owner: of, ...key } of await under.world.deliveries.overdue(under.world.clock.now, 10))
          await under.deliverSoon(of, key);
        const sent = shown().map(([, name]) => name);
        expect([...new Set(sent)], `${moment} step ${step}`).toEqual([
          'Here.',
          '0.png',
          '1.png',
          '보고서.pdf',
        ]);
        // An album is sent whole, or not at all: it is doubled whole.
        expect([0, 1, 2], `${moment} step ${step}`).toContain(sent.length - 4);
        doubled += sent.length - 4;
      }
    }
    // Only a death between Telegram's yes and our note: one a message and moment.
    expect(doubled).toBeLessThanOrEqual(8);
  });
});

describe('An album', () => {
  const say = (text: string, width: number, album = 'album-1') =>
    under.api.person(ann).say(text, { file: photo(width), mediaGroup: album });
  const sizes = (message: StoredMessage) =>
    message.attachments.map(({ id }) => pictureSize(stored(id)?.bytes ?? new Uint8Array())?.width);

  test.each([
    ['in order', (updates: Update[]) => updates],
    ['in reverse', (updates: Update[]) => updates.toReversed()],
  ])(
    'that is told of %s is one message with its pictures in their order, and its caption',
    async (_what, order) => {
      for (const width of [101, 102, 103]) say(width === 102 ? 'Which is best?' : '', width);
      for (const update of order(await under.updates())) await under.take(update);
      await under.receive();
      expect(only()).toMatchObject({ text: 'Which is best?', status: 'queued' });
      expect(sizes(only())).toEqual([101, 102, 103]);
      expect(under.world.runner.requests).toHaveLength(1);
    },
  );

  test('whose parts come at once, each several times, while files arrive, is one message', async () => {
    for (let width = 101; width <= 110; width += 1) say('', width);
    const updates = await under.updates();
    await Promise.all([...updates, ...updates.toReversed(), ...updates].map((update) => under.take(update)));
    await Promise.all([under.receive(), ...updates.map((update) => under.take(update))]);
    await under.receive();
    expect(sizes(only())).toEqual([101, 102, 103, 104, 105, 106, 107, 108, 109, 110]);
    expect([...under.world.deliveries.rows]).toHaveLength(1);
  });

  test('is another message than the next one', async () => {
    for (const album of ['album-1', 'album-2', 'album-1']) say('', 101, album);
    await under.takeAll();
    expect(under.messages(owner).map(({ attachments }) => attachments.length)).toEqual([2, 1]);
  });

  test('of which a part comes when a task has taken it: that part is a message of its own, once', async () => {
    say('first', 101);
    say('late', 102);
    const [first, late] = await under.updates();
    await under.take(first as Update);
    under.world.ready(owner);
    under.world.claim(owner, only());
    for (let count = 0; count < 3; count += 1) await under.take(late as Update);
    await under.take(first as Update);
    expect(under.messages(owner).map(({ text, attachments }) => [text, attachments.length])).toEqual([
      ['first', 1],
      ['late', 1],
    ]);
    expect([...under.world.deliveries.rows]).toHaveLength(2);
  });

  test('whose first part died before it was stored is made by the others, and mended when that comes again', async () => {
    say('one', 101);
    say('', 102);
    const [first, second] = await under.updates();
    const { put } = under.world.messages;
    under.world.ports.messages.put = async () => {
      throw new Error('no storage');
    };
    await expect(under.take(first as Update)).rejects.toThrow('no storage');
    under.world.ports.messages.put = put;
    await under.take(second as Update);
    await under.take(first as Update);
    await under.receive();
    expect(only().text).toBe('one');
    expect(sizes(only())).toEqual([101, 102]);
  });
});
