import type { OwnModel } from '../../../amplify/core/conversation.ts';
import { type ModelPrice, modelPriceLists, modelPriceOf } from '../../../amplify/core/model-price.ts';
import type { ModelGrant } from '../openclaw/configuration.ts';

/** What answers a message. */
export interface TurnModel {
  readonly name: string;
  /** null when none is known: it is not called. */
  readonly price: ModelPrice | null;
}

/**
 * The model that a conversation has of its own, if it is of the provider that the task may ask, else the granted one.
 * The deployment's own model (no provider is told) has none beside it: its key is for that model only.
 */
export function turnModel(
  grant: Pick<ModelGrant, 'provider' | 'model' | 'price'> | null,
  own: OwnModel | null | undefined,
): TurnModel | null {
  if (!grant) return null;
  const standard = { name: grant.model, price: grant.price };
  if (!own || own.provider !== grant.provider) return standard;
  if (own.model === grant.model && !own.price) return standard;
  return { name: own.model, price: modelPriceOf(own.provider, own.model, own.price) };
}

/** Those that the web app offers for a conversation beside the granted one. */
export const otherModels = (grant: Pick<ModelGrant, 'provider'> | null): string[] =>
  Object.keys((grant?.provider && modelPriceLists[grant.provider]?.models) || {});
