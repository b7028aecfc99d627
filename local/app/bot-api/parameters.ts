import * as z from 'zod';
import { entity } from './formatted-text.ts';

const button = z.union([
  z.strictObject({ text: z.string().min(1), callback_data: z.string().min(1) }),
  z.strictObject({ text: z.string().min(1), url: z.url() }),
]);
export const replyMarkup = z.strictObject({ inline_keyboard: z.array(z.array(button)) });
export const chatId = z.number().int();
export const thread = z.number().int().positive().optional();
const reply = z
  .strictObject({
    message_id: z.number().int(),
    allow_sending_without_reply: z.boolean().optional(),
    quote: z.string().optional(),
  })
  .optional();
/** Of every message that is sent. */
export const common = {
  chat_id: chatId,
  message_thread_id: thread,
  reply_parameters: reply,
  reply_markup: replyMarkup.optional(),
  disable_notification: z.boolean().optional(),
};
export const previews = z.strictObject({ is_disabled: z.boolean() }).optional();
export const entities = z.array(entity).default([]);

/** What of it matters to whoever sends. */
export interface Common {
  readonly chat_id: number;
  readonly message_thread_id?: number | undefined;
  readonly reply_parameters?: z.output<typeof reply>;
  readonly reply_markup?: z.output<typeof replyMarkup> | undefined;
}
