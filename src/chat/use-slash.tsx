import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react';
import type { OwnModel } from '../../amplify/core/conversation.ts';
import { slashText } from './slash.ts';
import type { SlashList as List } from './slash-list.tsx';
import type { SlashListHandle } from './slash-options.tsx';

interface Slash {
  /** For the box that the text stands in: a text box with a list beside it, which is as far as ARIA lets a textarea go. */
  attributes: {
    'aria-autocomplete'?: 'list';
    'aria-controls'?: string | undefined;
    'aria-activedescendant'?: string | undefined;
  };
  /** Gives whether the key was the list's. */
  takesKey(event: KeyboardEvent): boolean;
  list: ReactNode;
}

interface SlashWork {
  /** Puts this in place of the text. */
  place(text: string): void;
  onModel(model: OwnModel | null): void;
}

/** The list of commands that opens where a message begins with a slash. */
export function useSlash(text: string, { place, onModel }: SlashWork): Slash {
  const slash = slashText(text);
  const id = useId();
  const [SlashList, setSlashList] = useState<typeof List | 'unreachable' | null>(null);
  const [active, setActive] = useState<string | undefined>();
  /** Escape was pressed: it is meant as text. */
  const [left, setLeft] = useState(false);
  const handle = useRef<SlashListHandle>(null);
  if (left && slash === null) setLeft(false);
  const isOpen = slash !== null && !left;

  useEffect(() => {
    if (!isOpen || SlashList !== null) return;
    import('./slash-list.tsx').then(
      (module) => setSlashList(() => module.SlashList),
      () => setSlashList('unreachable'),
    );
  }, [isOpen, SlashList]);

  const takesKey = (event: KeyboardEvent): boolean => {
    if (!isOpen || event.nativeEvent.isComposing || event.keyCode === 229) return false;
    if (event.key === 'Escape' && active !== undefined) {
      setLeft(true);
      setActive(undefined);
      return true;
    }
    // A command that is still being fetched must not go out as a message.
    if (SlashList === null) return event.key === 'Enter' && !event.shiftKey;
    return handle.current?.takesKey(event) ?? false;
  };

  return {
    attributes: isOpen
      ? { 'aria-autocomplete': 'list', 'aria-controls': active && id, 'aria-activedescendant': active }
      : {},
    takesKey,
    list:
      isOpen && typeof SlashList === 'function' ? (
        <SlashList
          {...{ id, slash, onModel }}
          ref={handle}
          onActive={setActive}
          onRun={() => place('')}
          onFill={place}
        />
      ) : null,
  };
}
