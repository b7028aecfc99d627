import type { Language } from './language.ts';
import type { Message } from './message.ts';
import { waitingApproval } from './news.ts';

/** What a notification of a message says, to be shown as it is. */
export interface NotificationText {
  title: string;
  body: string;
}

const agentName = 'OpenClaw';
/** Characters of an answer, or of a command, that are shown, where they may be. */
const shownCharacters = 140;

interface NotificationWords
  extends Record<'answered' | 'failed' | 'interrupted' | 'asks' | 'sample', string> {
  asksToRun(command: string): string;
}

const texts: Record<Language, NotificationWords> = {
  en: {
    answered: 'Your answer is ready.',
    failed: 'Your message could not be answered.',
    interrupted: 'The answer was cut off.',
    asks: 'A command waits for your approval.',
    asksToRun: (command) => `Allow this command? ${command}`,
    sample: 'This is how you will hear of an answer.',
  },
  ko: {
    answered: '답변이 준비되었습니다.',
    failed: '메시지에 답변하지 못했습니다.',
    interrupted: '답변이 중간에 끊겼습니다.',
    asks: '명령을 실행하려면 승인이 필요합니다.',
    asksToRun: (command) => `이 명령을 허용할까요? ${command}`,
    sample: '답변이 오면 이렇게 알려 드립니다.',
  },
};

/**
 * What is said of a message's end, or of its command that waits for a word. Only with `showsText` is anything of the
 * conversation in it: `title`, its name, and how the answer or the command begins.
 */
export function notificationText(
  message: Pick<Message, 'status' | 'answer' | 'approval'>,
  { language, showsText, title }: { language: Language; showsText: boolean; title: string },
): NotificationText {
  const { status } = message;
  const t = texts[language];
  const waiting = waitingApproval(message);
  const plain = waiting ? t.asks : t[status === 'failed' || status === 'interrupted' ? status : 'answered'];
  if (!showsText) return { title: agentName, body: plain };
  if (waiting) return { title: title || agentName, body: t.asksToRun(cut(waiting.command)) };
  const begin = status === 'answered' ? beginOf(message.answer) : '';
  return { title: title || agentName, body: begin || plain };
}

/** One to see how they look. */
export const sampleNotification = (language: Language): NotificationText => ({
  title: agentName,
  body: texts[language].sample,
});

/** On one line, and no half of a character. */
function cut(text: string): string {
  const characters = [...text.replace(/\s+/g, ' ').trim()];
  return characters.length > shownCharacters
    ? `${characters.slice(0, shownCharacters - 1).join('')}…`
    : characters.join('');
}

/** How a text in Markdown begins, in plain words on one line. */
const beginOf = (markdown: string): string =>
  cut(
    markdown
      .slice(0, shownCharacters * 8)
      .replace(/^\s*(```|~~~).*$/gm, '')
      .replace(/!?\[([^\][]*)\]\([^()]*\)/g, '$1')
      .replace(/^\s*([-*+]|\d+\.|>|#+)\s+/gm, '')
      .replace(/[*`|]|__|~~/g, ''),
  );
