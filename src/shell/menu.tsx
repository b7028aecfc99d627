import './menu.css';
import { Ellipsis, type LucideIcon } from 'lucide-react';
import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react';

interface MenuItem {
  key: string;
  label: string;
  icon: LucideIcon;
  danger?: boolean;
  onSelect(): void;
}

interface MenuProps {
  label: string;
  items: readonly MenuItem[];
  /** What the button shows, with the class that it has; three dots otherwise. */
  opener?: { className: string; content: ReactNode };
}

/** A button that opens a short list of actions. Arrow keys move in it, Escape closes it. */
export function Menu({ label, items, opener: face }: MenuProps) {
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const opener = useRef<HTMLButtonElement>(null);
  const id = useId();

  useEffect(() => {
    if (!open) return;
    root.current?.querySelector<HTMLElement>('[role="menuitem"]')?.focus();
    const onPress = (event: PointerEvent) => {
      if (!root.current?.contains(event.target as Node)) setOpen(false);
    };
    document.addEventListener('pointerdown', onPress);
    return () => document.removeEventListener('pointerdown', onPress);
  }, [open]);

  const close = () => {
    setOpen(false);
    opener.current?.focus();
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (!open) return;
    const all = [...(root.current?.querySelectorAll<HTMLElement>('[role="menuitem"]') ?? [])];
    const at = all.indexOf(document.activeElement as HTMLElement);
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step) all[(at + step + all.length) % all.length]?.focus();
    else if (event.key === 'Tab') setOpen(false);
    else if (event.key === 'Escape') close();
    else return;
    if (event.key !== 'Tab') {
      event.preventDefault();
      event.stopPropagation();
    }
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys of the buttons inside
    <div className="menu" ref={root} onKeyDown={onKeyDown}>
      <button
        ref={opener}
        type="button"
        className={face?.className ?? 'icon-button menu-opener'}
        aria-label={label}
        aria-haspopup="menu"
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        onClick={() => setOpen(!open)}
      >
        {face?.content ?? <Ellipsis size={16} aria-hidden="true" />}
      </button>
      {open && (
        <div className="menu-items" role="menu" id={id} aria-label={label}>
          {items.map(({ key, label, icon: Icon, danger, onSelect }) => (
            <button
              key={key}
              type="button"
              role="menuitem"
              tabIndex={-1}
              className="menu-item"
              data-danger={danger || undefined}
              onClick={() => {
                close();
                onSelect();
              }}
            >
              <Icon size={16} aria-hidden="true" />
              {label}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}
