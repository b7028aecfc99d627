import '../shell/palette.css';
import './slash-list.css';
import type { LucideIcon } from 'lucide-react';
import { type KeyboardEvent, type Ref, useEffect, useImperativeHandle, useState } from 'react';
import { useTexts } from '../i18n/preferences.tsx';

export interface SlashListHandle {
  /** Gives whether the key was the list's. */
  takesKey(event: KeyboardEvent): boolean;
}

export interface SlashOption {
  key: string;
  icon: LucideIcon;
  name: string;
  note: string | null;
  run(): void;
  /** What Tab writes in place of the text: for something that takes a word more. */
  fill?: string;
}

export interface SlashOptionsProps {
  id: string;
  ref: Ref<SlashListHandle>;
  /** What the options were found by. */
  query: string;
  /** Which option the keys are at, by its id; undefined while nothing fits. */
  onActive(option: string | undefined): void;
  /** Something was chosen: its text is done with. */
  onRun(): void;
  /** This takes the place of the text, which goes on. */
  onFill(text: string): void;
}

/**
 * What fits, above the message box. The focus stays there: keys choose, Enter or Tab runs. `isReading`: what fits is not
 * known yet, so the text must not go out as a message.
 */
export function SlashOptions({
  id,
  ref,
  query,
  label,
  options,
  isReading = false,
  onActive,
  onRun,
  onFill,
}: SlashOptionsProps & { label: string; options: readonly SlashOption[]; isReading?: boolean }) {
  const { palette: t } = useTexts();
  const [at, setAt] = useState({ query, index: 0 });
  // Another word begins at its first option.
  const index = at.query === query ? Math.min(at.index, options.length - 1) : 0;
  const optionId = (key: string) => `${id}-${key}`;
  const chosen = options[index];
  const active = chosen && optionId(chosen.key);

  useEffect(() => {
    onActive(active);
    if (active) document.getElementById(active)?.scrollIntoView({ block: 'nearest' });
  }, [active, onActive]);
  useEffect(() => () => onActive(undefined), [onActive]);

  const run = (option: SlashOption) => {
    onRun();
    option.run();
  };
  useImperativeHandle(ref, () => ({
    takesKey: ({ key, shiftKey }) => {
      if (!chosen) return isReading && key === 'Enter' && !shiftKey;
      const step = key === 'ArrowDown' ? 1 : key === 'ArrowUp' ? -1 : 0;
      if (step !== 0) setAt({ query, index: (index + step + options.length) % options.length });
      else if (key === 'Tab' && !shiftKey && chosen.fill !== undefined) onFill(chosen.fill);
      else if ((key === 'Enter' || key === 'Tab') && !shiftKey) run(chosen);
      else return false;
      return true;
    },
  }));

  if (!chosen) return null;
  return (
    <div className="slash-list">
      <div role="listbox" id={id} aria-label={label} tabIndex={0} className="slash-options">
        {options.map((option) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the message box's
          <div
            key={option.key}
            id={optionId(option.key)}
            role="option"
            tabIndex={-1}
            aria-selected={option === chosen}
            className="palette-option"
            // The focus, and with it a phone's keyboard, stays in the box.
            onPointerDown={(event) => event.preventDefault()}
            onClick={() => run(option)}
          >
            <option.icon size={16} aria-hidden="true" />
            <span className="slash-name">{option.name}</span>
            {option.note && <span className="palette-name">{option.note}</span>}
          </div>
        ))}
      </div>
      <p className="visually-hidden" role="status">
        {t.slashFound(options.length)}
      </p>
      <p className="slash-hint" aria-hidden="true">
        {chosen.fill === undefined ? t.slashHint : t.slashHintFill}
      </p>
    </div>
  );
}
