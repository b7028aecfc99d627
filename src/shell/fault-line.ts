import { faultText } from '../../amplify/core/text.ts';
import { codeOf } from '../api/api-error.ts';
import type { Language, Texts } from '../i18n/texts.ts';

/** What happened and what to do now, in one line. */
export function faultLine(error: unknown, language: Language, { unreachable }: Texts): string {
  const code = codeOf(error);
  const { happened, next } = code === null ? unreachable : faultText(code, language);
  return `${happened} ${next}`;
}
