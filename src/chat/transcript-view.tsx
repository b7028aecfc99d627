import './transcript-view.css';
import { ArrowDown } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useStickToBottom } from 'use-stick-to-bottom';
import { isFinal } from '../../amplify/core/message.ts';
import { useTexts } from '../i18n/preferences.tsx';
import type { Outgoing } from '../outbox/outbox-store.ts';
import { useChat, useSyncState, useWorkspace } from '../shell/workspace-context.tsx';
import { Announcer } from './announcer.tsx';
import { Earlier, useKeptPlace } from './earlier.tsx';
import { OutgoingView } from './outgoing-view.tsx';
import { emptyTranscript, orderedTurns } from './transcript.ts';
import { Placeholder, ReadFailed } from './transcript-notes.tsx';
import { statusOf } from './turn.ts';
import { groupsOf, TurnGroup } from './turn-group.tsx';

interface TranscriptViewProps {
  id: string;
  /** The message that is to be seen, instead of the last one. */
  target: string | null;
  outgoing: readonly Outgoing[];
  /** A message shall be written anew. */
  onEdit(text: string): void;
}

const behavior = () => (window.matchMedia('(prefers-reduced-motion: reduce)').matches ? 'instant' : 'smooth');

/** The messages of a conversation. Follows what comes while one looks at the end; a button leads back to it. */
export function TranscriptView({ id, target, outgoing, onEdit }: TranscriptViewProps) {
  const { chat: t } = useTexts();
  const transcript = useChat((state) => state.transcripts.get(id));
  const failed = useSyncState((state) => state.unread.has(id));
  const settled = useSettled(transcript !== undefined);
  const { scrollRef, contentRef, isAtBottom, scrollToBottom, stopScroll } = useStickToBottom({
    initial: target === null ? 'instant' : false,
    resize: settled ? behavior() : 'instant',
  });

  const turns = orderedTurns(transcript ?? emptyTranscript);
  const known = new Set(turns.map(({ row }) => row.id));
  const waiting = outgoing.filter((entry) => !known.has(entry.id));
  const firstOpen = turns.find((turn) => !isFinal(statusOf(turn)))?.row.id;

  const keepPlace = useKeptPlace(scrollRef, turns[0]?.row.id);
  const written = waiting.length;
  const writtenBefore = useRef(written);
  useEffect(() => {
    if (written > writtenBefore.current) void scrollToBottom({ animation: behavior() });
    writtenBefore.current = written;
  }, [written, scrollToBottom]);

  useTarget(id, target, transcript !== undefined, stopScroll);

  return (
    <div className="transcript">
      <div
        className="transcript-scroll"
        ref={scrollRef}
        role="log"
        aria-live="off"
        aria-label={t.log}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keys
        tabIndex={0}
      >
        <div className="transcript-content" ref={contentRef}>
          {transcript?.earlier && <Earlier id={id} keepPlace={keepPlace} />}
          {groupsOf(turns).map((group, index, groups) => (
            <TurnGroup
              key={group[0]?.row.id}
              turns={group}
              before={groups[index - 1]?.at(-1)?.row.acceptedAt}
              firstOpen={firstOpen}
              isNear={index >= groups.length - 2 || group.some(({ row }) => row.id === target)}
              onEdit={onEdit}
            />
          ))}
          {waiting.map((entry) => (
            <OutgoingView key={entry.id} entry={entry} onEdit={onEdit} />
          ))}
          {!transcript && !failed && waiting.length === 0 && <Placeholder />}
          {failed && <ReadFailed />}
        </div>
      </div>
      {!isAtBottom && (
        <button
          type="button"
          className="transcript-latest"
          onClick={() => void scrollToBottom({ animation: behavior() })}
          aria-label={t.latest}
          title={t.latest}
        >
          <ArrowDown size={18} aria-hidden="true" />
        </button>
      )}
      <Announcer turns={turns} />
    </div>
  );
}

/** Whether what was read has been drawn for a while: until then the page jumps to the end instead of gliding there. */
function useSettled(loaded: boolean): boolean {
  const [settled, setSettled] = useState(false);
  useEffect(() => {
    if (!loaded) return;
    const timer = setTimeout(() => setSettled(true), 1000);
    return () => clearTimeout(timer);
  }, [loaded]);
  return settled;
}

/** Brings a message before the eye that an address names: reads until it is there, then marks it for a moment. */
function useTarget(id: string, target: string | null, loaded: boolean, stopScroll: () => void): void {
  const { sync } = useWorkspace();
  useEffect(() => {
    if (target === null || !loaded) return;
    let wanted = true;
    const show = async () => {
      const found = await sync.readUntil(id, target).catch(() => false);
      if (!found || !wanted) return;
      // Drawn by the next frame.
      requestAnimationFrame(() => {
        const element = document.getElementById(`message-${target}`);
        if (!element) return;
        stopScroll();
        element.scrollIntoView({ block: 'start' });
        element.focus({ preventScroll: true });
      });
    };
    void show();
    return () => {
      wanted = false;
    };
  }, [sync, id, target, loaded, stopScroll]);
}
