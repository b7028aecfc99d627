import '../shell/palette.css';
import './slash-list.css';
import { type KeyboardEvent, type Ref, useEffect, useImperativeHandle, useState } from 'react';
import { useTexts } from '../i18n/preferences.tsx';
import { behindSlash } from '../shell/commands.ts';
import { useCommands } from '../shell/use-commands.ts';

export interface SlashListHandle {
  /** Gives whether the key was the list's. */
  takesKey(event: KeyboardEvent): boolean;
}

interface SlashListProps {
  id: string;
  ref: Ref<SlashListHandle>;
  /** What stands behind the slash. */
  query: string;
  /** Which option the keys are at, by its id; undefined while nothing fits. */
  onActive(option: string | undefined): void;
  /** A command was chosen: its text is done with. */
  onRun(): void;
}

/** The commands that fit, above the message box. The focus stays there: keys choose, Enter or Tab runs. */
export function SlashList({ id, ref, query, onActive, onRun }: SlashListProps) {
  const { palette: t } = useTexts();
  const found = behindSlash(useCommands(), query);
  const [at, setAt] = useState({ query, index: 0 });
  // Another word begins at its first command.
  const index = at.query === query ? Math.min(at.index, found.length - 1) : 0;
  const optionId = (key: string) => `${id}-${key}`;
  const chosen = found[index];
  const active = chosen && optionId(chosen.key);

  useEffect(() => {
    onActive(active);
    if (active) document.getElementById(active)?.scrollIntoView({ block: 'nearest' });
  }, [active, onActive]);
  useEffect(() => () => onActive(undefined), [onActive]);

  const run = (command: (typeof found)[number]) => {
    onRun();
    command.run();
  };
  useImperativeHandle(ref, () => ({
    takesKey: ({ key, shiftKey }) => {
      if (!chosen) return false;
      const step = key === 'ArrowDown' ? 1 : key === 'ArrowUp' ? -1 : 0;
      if (step !== 0) setAt({ query, index: (index + step + found.length) % found.length });
      else if ((key === 'Enter' || key === 'Tab') && !shiftKey) run(chosen);
      else return false;
      return true;
    },
  }));

  if (!chosen) return null;
  return (
    <div className="slash-list">
      <div role="listbox" id={id} aria-label={t.title} tabIndex={0} className="slash-options">
        {found.map((command) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the message box's
          <div
            key={command.key}
            id={optionId(command.key)}
            role="option"
            tabIndex={-1}
            aria-selected={command === chosen}
            className="palette-option"
            // The focus, and with it a phone's keyboard, stays in the box.
            onPointerDown={(event) => event.preventDefault()}
            onClick={() => run(command)}
          >
            <command.icon size={16} aria-hidden="true" />
            <span className="slash-name">/{command.slash}</span>
            <span className="palette-name">{command.name}</span>
          </div>
        ))}
      </div>
      <p className="visually-hidden" role="status">
        {t.slashFound(found.length)}
      </p>
      <p className="slash-hint" aria-hidden="true">
        {t.slashHint}
      </p>
    </div>
  );
}
