import { maxAnswerLength } from '../../../amplify/core/message.ts';

const notes = {
  en: '\n\n*[The answer was longer than can be kept. It ends here.]*',
  ko: '\n\n*[답변이 보관할 수 있는 길이를 넘어 여기에서 끝납니다.]*',
} as const;

/** Cuts an answer that is too long to keep and says so at its end, in Korean when the answer has Korean in it. */
export function limitAnswer(text: string, limit: number = maxAnswerLength): string {
  if (text.length <= limit) return text;
  const note = /[가-힣]/.test(text) ? notes.ko : notes.en;
  let end = limit - note.length;
  // Never half of a surrogate pair.
  if (/[\uD800-\uDBFF]/.test(text[end - 1] ?? '')) end--;
  return text.slice(0, end) + note;
}
