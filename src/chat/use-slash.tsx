import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { slashQuery } from './slash.ts';
import type { SlashList as List, SlashListHandle } from './slash-list.tsx';

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

/** The list of commands that opens where a message begins with a slash. `onRun`: one was chosen, its text is done with. */
export function useSlash(text: string, onRun: () => void): Slash {
  const query = slashQuery(text);
  const id = useId();
  const [SlashList, setSlashList] = useState<typeof List | 'unreachable' | null>(null);
  const [active, setActive] = useState<string | undefined>();
  /** Escape was pressed: it is meant as text. */
  const [left, setLeft] = useState(false);
  const handle = useRef<SlashListHandle>(null);
  if (left && query === null) setLeft(false);
  const isOpen = query !== null && !left;

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
        <SlashList id={id} ref={handle} query={query} onActive={setActive} onRun={onRun} />
      ) : null,
  };
}
