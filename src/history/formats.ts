import type { Attachment } from '../../amplify/core/attachment.ts';
import type { Language } from '../../amplify/core/language.ts';
import type { Message } from '../../amplify/core/message.ts';
import { spokenText } from '../../amplify/core/transcript.ts';
import { formatMoment } from '../i18n/format.ts';
import type { Texts } from '../i18n/texts.ts';
import type { History } from './read-history.ts';

/** In which language people read it. */
export interface Spoken {
  language: Language;
  t: Texts;
}

/** A kind of file that a history is written as: what stands at its begin, for each conversation, and at its end. */
export interface Format {
  readonly ending: 'json' | 'md';
  readonly type: string;
  begin(exportedAt: string): string;
  one(history: History, index: number): string;
  end(): string;
}

/** Everything that the page knows of a message, for programs. */
const json: Format = {
  ending: 'json',
  type: 'application/json',
  begin: (exportedAt) =>
    `{"format":"serverless-openclaw.conversations","version":1,"exportedAt":${JSON.stringify(exportedAt)},"conversations":[`,
  one: ({ conversation, messages }, index) =>
    `${index > 0 ? ',' : ''}\n${JSON.stringify({ ...conversation, messages })}`,
  end: () => '\n]}\n',
};

/** What was said, for people. */
const markdown = ({ language, t }: Spoken): Format => {
  const { history: texts, conversations, chat } = t;
  const filesOf = (files: readonly Attachment[]) =>
    files.length > 0 ? [`*${texts.files}: ${files.map(({ name }) => plain(name)).join(', ')}*`] : [];
  const said = ({ text, answer, attachments, transcript, files, acceptedAt, status }: Message) => {
    const end = status === 'answered' ? [] : [`*${texts.statuses[status]}*`];
    const answered = answer === '' && files.length === 0 ? end : [answer, ...filesOf(files), ...end];
    return [
      `### ${chat.wrote} · ${formatMoment(language, acceptedAt)}`,
      ...[text, spokenText(transcript), ...filesOf(attachments)],
      ...(answered.length > 0 ? [`### ${chat.answered}`, ...answered] : []),
    ].filter((part) => part !== '');
  };
  return {
    ending: 'md',
    type: 'text/markdown',
    begin: (exportedAt) => `${texts.head(formatMoment(language, exportedAt))}\n`,
    one: ({ conversation: { title, createdAt }, messages }) =>
      `\n${[
        '---',
        `# ${plain(title || conversations.untitled)}`,
        formatMoment(language, createdAt),
        ...messages.flatMap(said),
      ].join('\n\n')}\n`,
    end: () => '',
  };
};

/** A name or title on one line, whose signs mean nothing. */
const plain = (text: string): string => text.replace(/\s+/gu, ' ').replace(/[\\`*_[\]<>#]/gu, '\\$&');

export const formatOf = (ending: Format['ending'], spoken: Spoken): Format =>
  ending === 'json' ? json : markdown(spoken);
