import { Cpu, Pencil, Settings } from 'lucide-react';
import { useLocation } from 'wouter';
import type { OwnModel } from '../../amplify/core/conversation.ts';
import { modelPriceOf } from '../../amplify/core/model-price.ts';
import { useTexts } from '../i18n/preferences.tsx';
import { useSavedSettings } from '../settings/use-saved-settings.ts';
import { behindSlash } from '../shell/commands.ts';
import { useNotify } from '../shell/notices.tsx';
import { useCommands } from '../shell/use-commands.ts';
import { modelNamesOf } from './model-names.ts';
import type { SlashText } from './slash.ts';
import { type SlashOption, SlashOptions, type SlashOptionsProps } from './slash-options.tsx';

interface SlashListProps extends Omit<SlashOptionsProps, 'query'> {
  slash: SlashText;
  /** The conversation is to be answered by this model; null: by the default. */
  onModel(model: OwnModel | null): void;
}

/** What a slash at the beginning of a message may mean: commands, or what a command that takes a word is followed by. */
export function SlashList({ slash, onModel, ...rest }: SlashListProps) {
  return slash.argument === null ? (
    <CommandOptions {...rest} query={slash.word} />
  ) : (
    <ModelOptions {...rest} query={slash.argument} onModel={onModel} />
  );
}

function CommandOptions(props: SlashOptionsProps) {
  const { palette: t } = useTexts();
  const options = behindSlash(useCommands(), props.query).map(
    ({ key, icon, slash, name, run, takesWord }): SlashOption => ({
      ...{ key, icon, name: `/${slash}`, note: name, run },
      ...(takesWord && { fill: `/${slash} ` }),
    }),
  );
  return <SlashOptions {...props} label={t.title} options={options} />;
}

/** The models that a conversation can have, by a part of their names. */
function ModelOptions({ onModel, ...props }: SlashOptionsProps & { onModel(model: OwnModel | null): void }) {
  const { ownModel: t } = useTexts();
  const { saved } = useSavedSettings();
  const [, go] = useLocation();
  const notify = useNotify();
  const settings = saved === null || saved === 'failed' ? null : saved.settings;
  const { provider } = settings ?? {};
  const toSettings: SlashOption = {
    ...{ key: 'settings', icon: Settings, name: t.toSettings, note: null },
    run: () => go('/settings/model'),
  };
  const another: SlashOption = {
    ...{ key: 'other', icon: Pencil, name: `${t.other}…`, note: null },
    run: () => document.getElementById('conversation-model')?.click(),
  };
  const ratesOf = (model: string) => {
    const rates = provider && modelPriceOf(provider, model, null);
    return rates ? t.rates(`$${rates.input}`, `$${rates.output}`) : null;
  };
  const named = (key: string, name: string, note: string | null, model: OwnModel | null): SlashOption => ({
    ...{ key, icon: Cpu, name, note },
    run: () => {
      onModel(model);
      notify('info', t.chip(model?.model ?? t.default));
    },
  });
  const models =
    provider && settings
      ? [
          named('default', settings.model ? t.asSet(settings.model) : t.default, null, null),
          ...modelNamesOf(settings).map((model) => named(model, model, ratesOf(model), { provider, model })),
        ]
      : [];
  const wanted = props.query.toLowerCase();
  const options = provider
    ? [...models.filter(({ name }) => name.toLowerCase().includes(wanted)), another]
    : [toSettings];
  return (
    <SlashOptions
      {...props}
      label={t.title}
      options={saved === null ? [] : options}
      isReading={saved === null}
    />
  );
}
