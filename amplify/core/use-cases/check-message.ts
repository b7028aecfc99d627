import { validate } from 'uuid';
import { AppError } from '../error.ts';
import { maxTextLength } from '../message.ts';
import { idTime } from '../message-id.ts';
import type { MessageKey } from '../message-row.ts';

/** Throws unless both ids are lower-case UUIDs, the message's of version 7: a key must have one spelling. */
export function checkKey(key: MessageKey): void {
  if (!validate(key.conversationId) || key.conversationId !== key.conversationId.toLowerCase()) {
    throw new AppError('conversation.id_invalid', { detail: 'not a lower-case UUID' });
  }
  idTime(key.id);
  if (key.id !== key.id.toLowerCase())
    throw new AppError('message.id_invalid', { detail: 'not in lower case' });
}

/** The text as it is stored; it may be empty where files go with it. Throws `message.empty` or `message.too_long`. */
export function checkText(text: string, hasFiles: boolean): string {
  if (text.trim() === '' && !hasFiles) throw new AppError('message.empty');
  if (text.length > maxTextLength) {
    throw new AppError('message.too_long', { detail: `${text.length} of at most ${maxTextLength}` });
  }
  // Half a surrogate pair would come back from the table as another character.
  return text.toWellFormed();
}
