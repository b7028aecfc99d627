import { Fragment, memo, useEffect, useState } from 'react';
import type { Message } from '../../amplify/core/message.ts';
import { DayMark, isOtherDay } from './day-mark.tsx';
import type { Turn } from './turn.ts';
import { TurnView } from './turn-view.tsx';

type Shown = Turn & { row: Message };

/** Turns that are compared as one: of a long conversation only the last group is looked at while an answer streams. */
const groupSize = 40;

/** Cuts turns into groups, counted from the first one that is there. */
export function groupsOf(turns: readonly Shown[]): Shown[][] {
  return Array.from({ length: Math.ceil(turns.length / groupSize) }, (_, index) =>
    turns.slice(index * groupSize, (index + 1) * groupSize),
  );
}

interface TurnGroupProps {
  turns: readonly Shown[];
  /** When the message before the first one was accepted. */
  before: string | undefined;
  /** The first message of the conversation that is not finished. */
  firstOpen: string | undefined;
  /** Drawn at once: one of the last groups, or the one that is to be seen. */
  isNear: boolean;
  onEdit(text: string): void;
}

/** A guess for a turn's height before it was drawn, rem. */
const guess = 16;

/** Whether an element has come near to what is seen; stays so. */
function useApproached(element: HTMLElement | null, isNear: boolean): boolean {
  const [approached, setApproached] = useState(isNear);
  useEffect(() => {
    if (!element) return;
    const observer = new IntersectionObserver(
      ([entry]) => {
        if (entry?.isIntersecting) setApproached(true);
      },
      { root: element.closest('[role="log"]'), rootMargin: '1500px 0px' },
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, [element]);
  return approached || isNear;
}

/** Some turns that follow each other, with a line where a day begins. Far from what is seen they only take their place. */
export const TurnGroup = memo(
  function TurnGroup({ turns, before, firstOpen, isNear, onEdit }: TurnGroupProps) {
    const [place, setPlace] = useState<HTMLElement | null>(null);
    if (!useApproached(place, isNear)) {
      return <div ref={setPlace} style={{ height: `${turns.length * guess}rem` }} />;
    }
    return turns.map((turn, index) => (
      <Fragment key={turn.row.id}>
        {isOtherDay(turns[index - 1]?.row.acceptedAt ?? before, turn.row.acceptedAt) && (
          <DayMark at={turn.row.acceptedAt} />
        )}
        <TurnView turn={turn} isNext={turn.row.id === firstOpen} onEdit={onEdit} />
      </Fragment>
    ));
  },
  (a, b) =>
    a.before === b.before &&
    a.firstOpen === b.firstOpen &&
    a.isNear === b.isNear &&
    a.onEdit === b.onEdit &&
    a.turns.length === b.turns.length &&
    a.turns.every((turn, index) => turn === b.turns[index]),
);
