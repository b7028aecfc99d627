import './model-dialog.css';
import { type FormEvent, useId, useState } from 'react';
import { Link } from 'wouter';
import type { OwnModel } from '../../amplify/core/conversation.ts';
import { modelPriceOf } from '../../amplify/core/model-price.ts';
import type { Provider, Settings } from '../../amplify/core/settings.ts';
import { useTexts } from '../i18n/preferences.tsx';
import { priceOf } from '../settings/model-draft.ts';
import { PriceFields } from '../settings/price-fields.tsx';
import { SettingsUnread } from '../settings/settings-unread.tsx';
import { useSavedSettings } from '../settings/use-saved-settings.ts';
import { Dialog } from '../shell/dialog.tsx';
import { modelNamesOf } from './model-names.ts';

interface ModelDialogProps {
  model: OwnModel | null;
  onChoose(model: OwnModel | null): void;
  onClose(): void;
}

/** The choice of a conversation's own model, among those of the provider that the settings name. */
export function ModelDialog({ model, onChoose, onClose }: ModelDialogProps) {
  const { app, ownModel: t } = useTexts();
  const { saved, read } = useSavedSettings();
  const settings = saved === null || saved === 'failed' ? null : saved.settings;
  return (
    <Dialog title={t.title} onClose={onClose}>
      {saved === null && <p role="status">{app.loading}</p>}
      {saved === 'failed' && <SettingsUnread onRead={read} />}
      {settings &&
        (settings.provider ? (
          <Choice
            provider={settings.provider}
            settings={settings}
            model={model}
            onChoose={onChoose}
            onClose={onClose}
          />
        ) : (
          <>
            <p className="dialog-text">{t.deployment}</p>
            <div className="dialog-actions">
              <Link href="/settings/model" className="button" data-kind="primary" onClick={onClose}>
                {t.toSettings}
              </Link>
            </div>
          </>
        ))}
    </Dialog>
  );
}

/** What stands for a model that is typed, among the names of models. */
const other = '\n';

function Choice({
  provider,
  settings,
  model,
  onChoose,
  onClose,
}: ModelDialogProps & { provider: Provider; settings: Settings }) {
  const { app, ownModel: t, settings: texts } = useTexts();
  const id = useId();
  const names = modelNamesOf(settings);
  const known = model?.provider === provider ? model : null;
  const isListed = known !== null && names.includes(known.model) && !known.price;
  const [chosen, setChosen] = useState(known === null ? '' : isListed ? known.model : other);
  const [typed, setTyped] = useState(isListed ? '' : (known?.model ?? ''));
  const [price, setPrice] = useState({
    priceIn: known?.price ? String(known.price.input) : '',
    priceOut: known?.price ? String(known.price.output) : '',
  });
  const [fault, setFault] = useState<'modelNeeded' | 'priceNeeded' | null>(null);

  const own = (): OwnModel | null | NonNullable<typeof fault> => {
    if (chosen !== other) return chosen === '' ? null : { provider, model: chosen };
    const name = typed.trim();
    if (!name) return 'modelNeeded';
    const entered = priceOf(price);
    if (entered === undefined || !modelPriceOf(provider, name, entered)) return 'priceNeeded';
    return { provider, model: name, ...(entered && { price: entered }) };
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const next = own();
    if (typeof next === 'string') return setFault(next);
    onChoose(next);
    onClose();
  };
  const rates = (name: string) => {
    const found = modelPriceOf(provider, name, null);
    return found ? t.rates(`$${found.input}`, `$${found.output}`) : null;
  };
  const option = (value: string, label: string, note: string | null = null) => (
    <label key={value} className="choice">
      <input
        type="radio"
        name={`${id}-model`}
        checked={chosen === value}
        onChange={() => {
          setFault(null);
          setChosen(value);
        }}
      />
      <span className="choice-name">{label}</span> {note && <span className="choice-note">{note}</span>}
    </label>
  );

  return (
    <form className="form" onSubmit={submit} noValidate>
      {model && !known && (
        <p className="dialog-text">{t.elsewhere(model.model, texts.providers[model.provider])}</p>
      )}
      <fieldset className="choices">
        <legend className="visually-hidden">{t.title}</legend>
        {option('', settings.model ? t.asSet(settings.model) : t.default)}
        {names.map((name) => option(name, name, rates(name)))}
        {option(other, t.other)}
      </fieldset>
      {chosen === other && (
        <>
          <div className="field">
            <label className="field-label" htmlFor={`${id}-name`}>
              {texts.modelName}
            </label>
            <input
              id={`${id}-name`}
              value={typed}
              maxLength={200}
              autoComplete="off"
              autoCapitalize="off"
              spellCheck={false}
              aria-invalid={fault === 'modelNeeded' || undefined}
              aria-describedby={`${id}-fault`}
              onChange={(event) => {
                setFault(null);
                setTyped(event.target.value);
              }}
            />
            <p className="field-fault" id={`${id}-fault`} role="alert">
              {fault === 'modelNeeded' && texts.modelNeeded}
            </p>
          </div>
          <PriceFields
            draft={price}
            listed={modelPriceOf(provider, typed.trim(), null)}
            isMissing={fault === 'priceNeeded'}
            onEdit={(change) => {
              setFault(null);
              setPrice((before) => ({ ...before, ...change }));
            }}
          />
        </>
      )}
      <p className="field-hint">{t.hint}</p>
      <div className="dialog-actions">
        <button type="button" className="button" onClick={onClose}>
          {app.cancel}
        </button>
        <button type="submit" className="button" data-kind="primary">
          {texts.save}
        </button>
      </div>
    </form>
  );
}
