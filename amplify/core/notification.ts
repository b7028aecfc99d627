import type { Language } from './language.ts';
import type { Message } from './message.ts';

/** What a notification of a message's end says, to be shown as it is. */
export interface NotificationText {
  title: string;
  body: string;
}

const agentName = 'OpenClaw';
/** Characters of an answer that are shown, where they may be. */
const shownCharacters = 140;

const texts: Record<Language, Record<'answered' | 'failed' | 'interrupted' | 'sample', string>> = {
  en: {
    answered: 'Your answer is ready.',
    failed: 'Your message could not be answered.',
    interrupted: 'The answer was cut off.',
    sample: 'This is how you will hear of an answer.',
  },
  ko: {
    answered: '답변이 준비되었습니다.',
    failed: '메시지에 답변하지 못했습니다.',
    interrupted: '답변이 중간에 끊겼습니다.',
    sample: '답변이 오면 이렇게 알려 드립니다.',
  },
};

/**
 * What is said of a message's end. Only with `showsText` is anything of the conversation in it: `title`, its name, and how
 * the answer begins.
 */
export function notificationText(
  message: Pick<Message, 'status' | 'answer'>,
  { language, showsText, title }: { language: Language; showsText: boolean; title: string },
): NotificationText {
  const { status } = message;
  const plain = texts[language][status === 'failed' || status === 'interrupted' ? status : 'answered'];
  if (!showsText) return { title: agentName, body: plain };
  const begin = status === 'answered' ? beginOf(message.answer) : '';
  return { title: title || agentName, body: begin || plain };
}

/** One to see how they look. */
export const sampleNotification = (language: Language): NotificationText => ({
  title: agentName,
  body: texts[language].sample,
});

/** How a text in Markdown begins, in plain words on one line. */
function beginOf(markdown: string): string {
  const words = markdown
    .slice(0, shownCharacters * 8)
    .replace(/^\s*(```|~~~).*$/gm, '')
    .replace(/!?\[([^\][]*)\]\([^()]*\)/g, '$1')
    .replace(/^\s*([-*+]|\d+\.|>|#+)\s+/gm, '')
    .replace(/[*`|]|__|~~/g, '')
    .replace(/\s+/g, ' ')
    .trim();
  const characters = [...words];
  return characters.length > shownCharacters
    ? `${characters.slice(0, shownCharacters - 1).join('')}…`
    : words;
}
