import * as z from 'zod';
import { define } from './method.ts';

const language = z
  .string()
  .regex(/^([a-z]{2})?$/)
  .default('');

/** The methods that say what a bot is and how it gets its updates. */
export const botMethods = {
  setMyCommands: define(
    z.strictObject({
      commands: z
        .array(
          z.strictObject({
            command: z.string().regex(/^[a-z0-9_]{1,32}$/),
            description: z.string().min(1).max(256),
          }),
        )
        .max(100),
      language_code: language,
      scope: z.strictObject({ type: z.enum(['default', 'all_private_chats', 'all_group_chats']) }).optional(),
    }),
    ({ commands, language_code, scope }, { queue }) => {
      queue.profile.commands.set(`${scope?.type ?? 'default'} ${language_code}`.trim(), commands);
      return true;
    },
  ),
  setMyDescription: define(
    z.strictObject({ description: z.string().max(512), language_code: language }),
    ({ description, language_code }, { queue }) => {
      queue.profile.descriptions.set(language_code, description);
      return true;
    },
  ),
  setMyShortDescription: define(
    z.strictObject({ short_description: z.string().max(120), language_code: language }),
    ({ short_description, language_code }, { queue }) => {
      queue.profile.shortDescriptions.set(language_code, short_description);
      return true;
    },
  ),

  setWebhook: define(
    z.strictObject({
      url: z.string(),
      secret_token: z
        .string()
        .regex(/^[A-Za-z0-9_-]{1,256}$/)
        .optional(),
      allowed_updates: z.array(z.string()).optional(),
      max_connections: z.number().int().min(1).max(100).optional(),
      drop_pending_updates: z.boolean().default(false),
    }),
    (input, { queue }) => queue.setWebhook(input),
  ),
  deleteWebhook: define(
    z.strictObject({ drop_pending_updates: z.boolean().default(false) }),
    ({ drop_pending_updates }, { queue }) => queue.setWebhook({ url: '', drop_pending_updates }),
  ),
  getWebhookInfo: define(z.strictObject({}), (_input, { queue }) => queue.webhookInfo()),
  getUpdates: define(
    z.strictObject({
      offset: z.number().int().optional(),
      limit: z.number().int().min(1).max(100).default(100),
      timeout: z.number().int().min(0).default(0),
      allowed_updates: z.array(z.string()).optional(),
    }),
    (input, { queue }) => queue.poll(input),
  ),
};
