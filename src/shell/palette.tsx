import './palette.css';
import { Search } from 'lucide-react';
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { useTexts } from '../i18n/preferences.tsx';
import { matching } from './commands.ts';
import { Dialog } from './dialog.tsx';
import { useCommands } from './use-commands.ts';

/** Everything that can be done or gone to, found by its name. Arrow keys choose, Enter does it. */
export function Palette({ onClose }: { onClose(): void }) {
  const t = useTexts();
  const all = useCommands();
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  // Behind the dialog's own effect, which gives the focus to its first button.
  useEffect(() => input.current?.focus(), []);

  const found = matching(all, text);
  const chosen = found[Math.min(at, found.length - 1)];
  const optionId = (key: string | undefined) => (key === undefined ? undefined : `${id}-${key}`);

  const run = (index: number) => {
    const command = found[index];
    if (!command) return;
    onClose();
    // After the dialog has given the focus back.
    setTimeout(command.run);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing || event.keyCode === 229) return;
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0 && found.length > 0) {
      event.preventDefault();
      const next = (at + step + found.length) % found.length;
      setAt(next);
      document.getElementById(optionId(found[next]?.key) ?? '')?.scrollIntoView({ block: 'nearest' });
    } else if (event.key === 'Enter') {
      event.preventDefault();
      run(Math.min(at, found.length - 1));
    }
  };

  return (
    <Dialog title={t.palette.title} onClose={onClose}>
      <div className="palette-box">
        <Search size={17} aria-hidden="true" />
        <input
          role="combobox"
          aria-expanded="true"
          aria-controls={id}
          aria-activedescendant={optionId(chosen?.key)}
          aria-label={t.palette.placeholder}
          aria-autocomplete="list"
          placeholder={t.palette.placeholder}
          value={text}
          ref={input}
          autoComplete="off"
          onChange={(event) => {
            setText(event.target.value);
            setAt(0);
          }}
          onKeyDown={onKeyDown}
        />
      </div>
      <div className="palette-list" role="listbox" id={id} aria-label={t.palette.title}>
        {found.map((command, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the input's
          <div
            key={command.key}
            id={optionId(command.key)}
            role="option"
            tabIndex={-1}
            aria-selected={command === chosen}
            className="palette-option"
            onClick={() => run(index)}
          >
            <command.icon size={16} aria-hidden="true" />
            <span className="palette-name">{command.name}</span>
            {found[index - 1]?.group !== command.group && (
              <span className="palette-group">{command.group}</span>
            )}
          </div>
        ))}
      </div>
      {found.length === 0 && (
        <p className="palette-none" role="status">
          {t.palette.nothing}
        </p>
      )}
    </Dialog>
  );
}
