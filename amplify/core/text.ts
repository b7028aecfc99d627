import type { ErrorCode } from './error.ts';
import { en } from './fault-text/en.ts';
import { ko } from './fault-text/ko.ts';
import type { Language } from './language.ts';

/** What people read about a fault: what happened, and what they can do now. */
export interface FaultText {
  happened: string;
  next: string;
}

/** Every code in one language; a missing one fails the type check. */
export type FaultTexts = Record<ErrorCode, FaultText>;

const faultTexts: Record<Language, FaultTexts> = { en, ko };

/** What happened and what to do, for functions, which speak every language; the page fetches its own (src/i18n). */
export const faultText = (code: ErrorCode, language: Language): FaultText => faultTexts[language][code];
