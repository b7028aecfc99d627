import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { chatPage } from './chat-page.ts';
import { picture } from './picture-under-test.ts';
import { ann, type TelegramUnderTest, telegramUnderTest } from './telegram-under-test.ts';

/** The smallest that says how large it is: a JPEG's start, its frame of 320 by 200, its end. */
const jpeg = Buffer.from('ffd8ffc0000b0800c8014001011100ffd9', 'hex');
const opus = Buffer.concat([Buffer.from('OggS'), Buffer.alloc(24), Buffer.from('OpusHead')]);
const text = Buffer.from('words');

const owner = 'owner-1';
let under: TelegramUnderTest;
beforeEach(async () => {
  under = await telegramUnderTest(chatPage);
  // The person at the page has Ann's number.
  await under.link(ann, owner);
});
afterEach(() => under.api.close());

type Sent = readonly [way: string, name: string, type: string, bytes: Uint8Array];
function send(files: readonly Sent[], caption = '', origin = under.api.url): Promise<Response> {
  const form = new FormData();
  form.set('language', 'en');
  form.set('text', caption);
  for (const [way, name, type, bytes] of files)
    form.append(way, new File([new Uint8Array(bytes)], name, { type }));
  return fetch(`${under.api.url}/chat/send-files`, { method: 'POST', body: form, headers: { origin } });
}

describe('At the stand-in’s chat page', () => {
  test.each<[string, Sent, object]>([
    ['a photo', ['photo', 'IMG_1.jpg', 'image/jpeg', jpeg], { type: 'image/jpeg', size: jpeg.length }],
    ['a document', ['document', '보고서.pdf', 'application/pdf', text], { name: '보고서.pdf', size: 5 }],
    ['a picture as a file', ['document', 'dot.png', 'image/png', picture(8, 8)], { name: 'dot.png' }],
    ['a voice message', ['voice', 'v.ogg', 'audio/ogg', opus], { type: 'audio/ogg', size: opus.length }],
    ['music', ['document', 'song.mp3', 'audio/mpeg', text], { name: 'song.mp3', type: 'audio/mpeg' }],
  ])('%s reaches the agent as Telegram would tell of it', async (_what, file, seen) => {
    expect((await send([file], 'Look')).status).toBe(204);
    await under.takeAll();
    await under.receive();
    expect(under.messages(owner)).toMatchObject([{ text: 'Look', attachments: [seen] }]);
  });

  test('several photos are one album, and files another', async () => {
    await send(
      [
        ['photo', 'a.jpg', 'image/jpeg', jpeg],
        ['document', 'c.txt', 'text/plain', text],
        ['photo', 'b.jpg', 'image/jpeg', jpeg],
        ['document', 'd.txt', 'text/plain', text],
      ],
      'Compare',
    );
    await under.takeAll();
    expect(
      under.messages(owner).map((each) => [each.text, each.attachments.map(({ name }) => name.slice(-4))]),
    ).toEqual([
      ['Compare', ['.jpg', '.jpg']],
      ['', ['.txt', '.txt']],
    ]);
  });

  test.each<[string, readonly Sent[], string]>([
    ['a photo that is no JPEG', [['photo', 'a.jpg', 'image/jpeg', picture(8, 8)]], ''],
    ['a voice message that is no Opus', [['voice', 'v.ogg', 'audio/ogg', text]], ''],
    ['an empty file', [['document', 'a.txt', 'text/plain', Buffer.alloc(0)]], ''],
    ['no file', [], 'words'],
    ['a caption of 1,025 units', [['document', 'a.txt', 'text/plain', text]], 'x'.repeat(1_025)],
  ])('%s is refused, and nothing is sent', async (_what, files, caption) => {
    const before = under.api.world.messages.length;
    const answer = await send(files, caption);
    expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining('Bad Request: ')]);
    expect(under.api.world.messages).toHaveLength(before);
  });

  test('nobody else’s page sends files', async () => {
    const before = under.api.world.messages.length;
    const file: Sent = ['document', 'a.txt', 'text/plain', text];
    expect((await send([file], '', 'http://example.test')).status).toBe(403);
    expect(under.api.world.messages).toHaveLength(before);
  });

  test('a photo is shown, and a document saved under its name, whatever it is', async () => {
    await send([['photo', 'a.jpg', 'image/jpeg', jpeg]]);
    await send([['document', '쪽지.html', 'text/html', text]]);
    const [photo, page] = under.api.world.messages.slice(-2).map(({ file }) => file?.file_id);
    const get = (id: string | undefined) => fetch(`${under.api.url}/chat/file/${id}`);
    const shown = await get(photo);
    expect(Object.fromEntries(shown.headers)).toMatchObject({
      'content-type': 'image/jpeg',
      'content-disposition': "inline; filename*=UTF-8''a.jpg",
    });
    expect(Buffer.from(await shown.arrayBuffer()).equals(jpeg)).toBe(true);
    expect(Object.fromEntries((await get(page)).headers)).toMatchObject({
      'content-type': 'application/octet-stream',
      'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent('쪽지.html')}`,
      'x-content-type-options': 'nosniff',
    });
    expect((await get('file-99')).status).toBe(404);
  });
});
