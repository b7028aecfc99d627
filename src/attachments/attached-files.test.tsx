// @vitest-environment happy-dom
import { screen, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { missedReasons } from '../../amplify/core/attachment.ts';
import { transcriptFaults } from '../../amplify/core/transcript.ts';
import { en } from '../i18n/en.ts';
import { openWith, row } from '../shell/app-under-test.tsx';

const file = {
  id: '0199a000-0000-7000-8000-0000000000f1',
  name: 'film.zip',
  type: 'application/zip',
  size: 0,
};
const voice = { ...file, name: 'voice.ogg', type: 'audio/ogg', size: 9, voice: true };

test.each(missedReasons)('that was not kept says why, and offers nothing to fetch: %s', async (missed) => {
  await openWith(row({ status: 'answered', answer: 'Here.', files: [{ ...file, missed }] }));
  const item = (await screen.findByText('film.zip')).closest('li') as HTMLElement;
  expect(item.textContent).toContain(en.files.missed[missed]);
  expect(within(item).queryByRole('button')).toBeNull();
});

test('of a voice message people read what was understood', async () => {
  const transcript = { text: 'Buy milk.' };
  await openWith(row({ status: 'answered', answer: 'I will.', attachments: [voice], transcript }));
  const words = await screen.findByText('Buy milk.');
  expect(within(words).getByRole('img', { name: en.chat.heard })).toBeTruthy();
});

test.each(transcriptFaults)(
  'of a voice message that was not written down people read why: %s',
  async (fault) => {
    const transcript = { fault };
    await openWith(row({ status: 'answered', answer: 'Hm.', attachments: [voice], transcript }));
    expect(await screen.findByText(en.chat.notHeard[fault])).toBeTruthy();
  },
);
