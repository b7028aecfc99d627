import type { MessageEntity } from 'grammy/types';
import * as z from 'zod';
import { badRequest } from './refusal.ts';

const span = { offset: z.number().int().nonnegative(), length: z.number().int().positive() };
const plain = [
  'bold',
  'italic',
  'underline',
  'strikethrough',
  'spoiler',
  'blockquote',
  'expandable_blockquote',
  'code',
] as const;
/** The kinds that a bot may set; others (mentions, hashtags, commands) are found by Telegram itself. */
export const entity = z.union([
  z.strictObject({ type: z.enum(plain), ...span }),
  z.strictObject({ type: z.literal('pre'), language: z.string().max(64).optional(), ...span }),
  z.strictObject({ type: z.literal('text_link'), url: z.url(), ...span }),
]);

/** More are dropped without a word by the real API; here that is a fault. */
export const maxEntities = 100;
const isLow = (text: string, at: number) => {
  const unit = text.charCodeAt(at);
  return unit >= 0xdc00 && unit <= 0xdfff;
};

/** Checks a text with its entities as Telegram counts them: in UTF-16 units. Throws a Refusal. */
export function checkText(text: string, entities: readonly MessageEntity[], limit = 4096): void {
  if (text.length > limit) throw badRequest('message is too long');
  if (!text.isWellFormed()) throw badRequest('strings must be encoded in UTF-8');
  if (entities.length > maxEntities) throw badRequest('too many entities');
  for (const { type, offset, length } of entities) {
    const end = offset + length;
    if (end > text.length) throw badRequest(`entity ${type} beyond the end of the text`);
    if (isLow(text, offset) || isLow(text, end))
      throw badRequest(`entity ${type} begins or ends in the middle of a UTF-16 symbol`);
    if (text.slice(offset, end).trim() === '') throw badRequest(`entity ${type} is empty`);
  }
  for (const [at, one] of entities.entries()) {
    for (const other of entities.slice(at + 1)) checkPair(one, other);
  }
}

const isCode = ({ type }: MessageEntity) => type === 'code' || type === 'pre';
const isQuote = ({ type }: MessageEntity) => type.endsWith('blockquote');

/** Entities lie inside each other or apart. Code holds nothing and lies in nothing but a quote; quotes lie in no quote. */
function checkPair(a: MessageEntity, b: MessageEntity): void {
  const [aEnd, bEnd] = [a.offset + a.length, b.offset + b.length];
  if (aEnd <= b.offset || bEnd <= a.offset) return;
  const aInB = a.offset >= b.offset && aEnd <= bEnd;
  const bInA = b.offset >= a.offset && bEnd <= aEnd;
  if (!aInB && !bInA) throw badRequest(`entities ${a.type} and ${b.type} cross each other`);
  if (isQuote(a) && isQuote(b)) throw badRequest('a quote inside a quote');
  if ((isCode(a) && !isQuote(b)) || (isCode(b) && !isQuote(a)))
    throw badRequest(`${a.type} and ${b.type} can't be nested`);
}
