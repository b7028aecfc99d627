import type { Page } from '@playwright/test';
import type { Attachment } from '../../../amplify/core/attachment.ts';
import type { Texts } from '../../../src/i18n/texts.ts';
import { type Given, idOf, messageOf, minutesAgo, someConversations } from '../scenes.ts';

/** A state of a page for people to look at. */
export interface Scene {
  scene: string;
  path: string;
  given: Given;
  /** One of the main ones, whose pictures are kept. */
  isMain?: boolean;
  /** What is done before the picture. */
  act?(page: Page, t: Texts): Promise<unknown>;
}

/** The address of the conversation that most scenes show. */
export const open = `/c/${idOf(1)}`;
export const isNarrow = (page: Page) => (page.viewportSize()?.width ?? 0) < 832;
/** The sidebar, which is a drawer where there is no room for it. */
export const showSidebar = async (page: Page, t: Texts) => {
  if (isNarrow(page)) await page.getByRole('button', { name: t.conversations.open }).click();
};

const long = {
  en: 'A title that goes on and on, because somebody pasted the whole of a question into it and never shortened it',
  ko: '누군가 질문 전체를 붙여 넣고 줄이지 않아서 끝없이 이어지는 아주 긴 대화 제목입니다. 어디까지 이어질까요',
};

const file = (n: number, name: string, type: string, size: number): Attachment => ({
  id: idOf(500 + n),
  name,
  type,
  size,
});
export const report = file(
  1,
  'Quarterly report, second draft, with all the comments of the finance team.pdf',
  'application/pdf',
  2_482_000,
);
const picture = file(2, '강릉 바다.png', 'image/png', 482_000);
export const list = file(3, 'largest.txt', 'text/plain', 812);

/** What the scenes of one language are made of. */
export function wordsOf(language: 'en' | 'ko') {
  const ko = language === 'ko';
  const rows = someConversations(language);
  const ask = ko ? '지금도 잘 돌아가?' : 'Is it still running well?';
  const withFiles: Given = {
    ...rows,
    messages: [
      messageOf(1, ask, ko ? '여기 있습니다.' : 'Here you are.', {
        attachments: [report, picture],
        files: [list],
      }),
      messageOf(2, '', ko ? '잘 보입니다.' : 'I see it.', { attachments: [picture] }),
      messageOf(3, ask, ko ? '네.' : 'Yes.', { attachments: [{ ...list, deletedAt: minutesAgo(1) }] }),
    ],
  };
  return { language, ko, rows, ask, withFiles, long: long[language] };
}
export type Words = ReturnType<typeof wordsOf>;

/** The settings as they were saved. */
export const settings = (given: object) => ({ settings: { settings: given, revision: 1 } });
