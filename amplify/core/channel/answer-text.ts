import { missedReasons } from '../attachment.ts';
import type { Language } from '../language.ts';
import { isRetryable, type Message } from '../message.ts';
import { faultText } from '../text.ts';
import { retryButton, stopButton } from './button-data.ts';
import type { Button } from './channel-ports.ts';
import { channelTexts } from './channel-text.ts';

/** A final message as people read it on a channel: what was answered, and how it ended otherwise. */
export function finalText(message: Message, language: Language): string {
  const texts = channelTexts[language];
  const lines = [heardText(message, language), message.answer];
  if (message.status === 'stopped') lines.push(texts.stopped);
  if (message.status === 'interrupted') lines.push(texts.interrupted);
  if (message.status === 'failed') {
    const { happened, next } = faultText(message.error?.code ?? 'internal', language);
    lines.push(`⚠️ ${happened} ${next}`);
  }
  lines.push(...missedText(message, language));
  return lines.filter((line) => line.trim() !== '').join('\n\n');
}

/** Which files of the answer are not there, by reason. */
function missedText({ files }: Message, language: Language): string[] {
  return missedReasons.flatMap((reason) => {
    const names = files.filter(({ missed }) => missed === reason).map(({ name }) => name);
    return names.length > 0 ? [channelTexts[language].missed[reason](names)] : [];
  });
}

export const finalButtons = (message: Message, language: Language): readonly Button[] =>
  isRetryable(message.status) ? [retryButton(language, message)] : [];

/** What was understood of a voice message, above its answer: a person sees at once what was misheard. */
function heardText({ transcript }: Message, language: Language): string {
  if (!transcript) return '';
  const texts = channelTexts[language];
  return 'text' in transcript ? quoted(`🎤 ${transcript.text}`) : texts.notHeard[transcript.fault];
}

const quoted = (text: string): string =>
  text
    .split('\n')
    .map((line) => `> ${line}`)
    .join('\n');

/** The answer as far as it is, with the tool that runs. Empty before the first word. */
export function partialText(message: Message, language: Language): string {
  const running = message.tools.findLast((tool) => tool.status === 'running');
  const lines = [message.answer, ...(running ? [channelTexts[language].runningTool(running.title)] : [])];
  return lines.filter((line) => line.trim() !== '').join('\n\n');
}

export const partialButtons = (message: Message, language: Language): readonly Button[] => [
  stopButton(language, message.id),
];
