import type { z } from 'zod';
import type { Language } from './language.ts';
import type { usage } from './message.ts';
import { type Micros, toUsd } from './price.ts';

/** Money as people read it: cents from a cent on, two digits that say something below. */
export const formatMicros = (language: Language, micros: Micros): string => formatUsd(language, micros, 0.01);

/** A price of something small, such as an hour of a task: two digits that say something below a dollar. */
export const formatPrice = (language: Language, micros: Micros): string => formatUsd(language, micros, 1);

function formatUsd(language: Language, micros: Micros, smallBelow: number): string {
  const usd = toUsd(micros);
  const small = usd !== 0 && Math.abs(usd) < smallBelow;
  return new Intl.NumberFormat(language, {
    style: 'currency',
    currency: 'USD',
    currencyDisplay: 'narrowSymbol',
    ...(small ? { maximumSignificantDigits: 2 } : { minimumFractionDigits: 2, maximumFractionDigits: 2 }),
  }).format(usd);
}

const words = {
  en: { in: 'in', out: 'out', cached: 'from cache', unpriced: 'no price known' },
  ko: { in: '입력', out: '출력', cached: '캐시', unpriced: '가격 정보 없음' },
} as const;

/** One line below an answer: `12,345 in (8,000 from cache) · 678 out · $0.042`. */
export function formatUsage(language: Language, value: z.infer<typeof usage>): string {
  const t = words[language];
  const count = (tokens: number, word: string) => {
    const digits = new Intl.NumberFormat(language).format(tokens);
    return language === 'ko' ? `${word} ${digits}` : `${digits} ${word}`;
  };
  const cached = value.cachedTokens > 0 ? ` (${count(value.cachedTokens, t.cached)})` : '';
  const cost = value.costMicros ?? null;
  return [
    count(value.inputTokens, t.in) + cached,
    count(value.outputTokens, t.out),
    cost === null ? t.unpriced : formatMicros(language, cost),
  ].join(' · ');
}
