import * as z from 'zod';
import { enteredPrice, provider } from './settings.ts';

export const maxTitleLength = 120;

/** A model for one conversation. It is of a provider, and counts while the owner's settings name that one. */
export const ownModel = z.object({
  provider,
  model: z.string().min(1).max(200),
  /** For a model that model-price.ts lists none for. */
  price: enteredPrice.nullish(),
});
export type OwnModel = z.infer<typeof ownModel>;

export const conversation = z.object({
  id: z.uuid(),
  title: z.string().max(maxTitleLength),
  createdAt: z.iso.datetime(),
  /** Time of the last accepted message; orders the list. */
  activeAt: z.iso.datetime(),
  /** Since when it stands above the others. */
  pinnedAt: z.iso.datetime().nullish(),
  /** What answers in it instead of the settings' model. */
  model: ownModel.nullish().catch(null),
});
export type Conversation = z.infer<typeof conversation>;

/** Longest title that is made from a message; people may set longer ones. */
const madeTitleLength = 60;

/** A title from a conversation's first message: its first line that is not blank, cut between characters as people see them. */
export function titleFrom(text: string): string {
  const line = text.split('\n').find((each) => each.trim() !== '') ?? '';
  const words = line.trim().replace(/\s+/gu, ' ');
  if (words.length <= madeTitleLength) return words;
  let title = '';
  for (const { segment } of new Intl.Segmenter().segment(words.slice(0, 2 * madeTitleLength))) {
    if (title.length + segment.length >= madeTitleLength) break;
    title += segment;
  }
  return `${title.trimEnd()}…`;
}
