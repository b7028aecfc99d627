import { modelPriceLists } from '../../amplify/core/model-price.ts';
import type { Settings } from '../../amplify/core/settings.ts';

/** The models of the provider that is set which can be chosen by name: those with a price, but the one that is set. */
export const modelNamesOf = ({ provider, model }: Pick<Settings, 'provider' | 'model'>): string[] =>
  provider ? Object.keys(modelPriceLists[provider]?.models ?? {}).filter((name) => name !== model) : [];
