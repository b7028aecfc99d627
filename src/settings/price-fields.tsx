import { useId } from 'react';
import type { ModelPrice } from '../../amplify/core/model-price.ts';
import { useTexts } from '../i18n/preferences.tsx';
import type { PriceDraft } from './model-draft.ts';

interface PriceFieldsProps {
  draft: PriceDraft;
  /** The price that is known; null for a model that needs one entered. */
  listed: ModelPrice | null;
  /** A price is missing, or what was typed is none. */
  isMissing: boolean;
  onEdit(change: Partial<PriceDraft>): void;
}

/** What a model costs, US dollars for a million tokens: needed where no price is known. */
export function PriceFields({ draft, listed, isMissing, onEdit }: PriceFieldsProps) {
  const { settings: t } = useTexts();
  const id = useId();
  return (
    <fieldset className="field">
      <legend className="field-label">{t.price}</legend>
      <div className="field-pair">
        {(['priceIn', 'priceOut'] as const).map((name) => (
          <label key={name} className="field-hint">
            {t[name]}
            <input
              inputMode="decimal"
              value={draft[name]}
              placeholder={listed ? String(name === 'priceIn' ? listed.input : listed.output) : ''}
              autoComplete="off"
              aria-invalid={isMissing || undefined}
              aria-describedby={id}
              onChange={(event) => onEdit({ [name]: event.target.value })}
            />
          </label>
        ))}
      </div>
      <p className={isMissing ? 'field-fault' : 'field-hint'} id={id} role={isMissing ? 'alert' : undefined}>
        {isMissing ? t.priceNeeded : listed ? t.priceListed(listed.asOf ?? '') : t.priceHint}
      </p>
    </fieldset>
  );
}
