import { useCallback, useEffect, useRef, useState } from 'react';
import { useLocation } from 'wouter';
import type { Attachment } from '../../amplify/core/attachment.ts';
import type { OwnModel } from '../../amplify/core/conversation.ts';
import { AgentChip } from '../agent/agent-chip.tsx';
import { useTexts } from '../i18n/preferences.tsx';
import { PageHead } from '../shell/page-head.tsx';
import { useAttempt } from '../shell/use-attempt.ts';
import { useChat, useOutgoing, useWorkspace } from '../shell/workspace-context.tsx';
import { Composer, type ComposerHandle } from './composer.tsx';
import { FirstRun } from './first-run.tsx';
import { ModelChip } from './model-chip.tsx';
import { runningTurn } from './transcript.ts';
import { Gone } from './transcript-notes.tsx';
import { TranscriptView } from './transcript-view.tsx';
import { statusOf } from './turn.ts';

interface ConversationPageProps {
  id: string | null;
  /** The message that is to be seen. */
  target?: string | null;
}

/** The conversation that is open, or the one that has not begun yet (`id` null). */
export function ConversationPage({ id, target = null }: ConversationPageProps) {
  const { conversations: t } = useTexts();
  const { api, sync, outbox } = useWorkspace();
  const attempt = useAttempt();
  const [, navigate] = useLocation();
  const composer = useRef<ComposerHandle>(null);

  const transcript = useChat((state) => (id === null ? undefined : state.transcripts.get(id)));
  const known = useChat((state) => (id === null ? undefined : state.conversations.byId.get(id)?.value));
  const outgoing = useOutgoing().filter((entry) => entry.conversationId === id);
  const begun = outgoing.find((entry) => entry.begin !== undefined);
  const title = id === null ? t.new : known ? known.title || t.untitled : (begun?.begin ?? t.title);
  const running = runningTurn(transcript);

  const isGone = useIsGone(id) && outgoing.length === 0;

  const isBegun = begun !== undefined;
  useEffect(() => {
    sync.open(id, isBegun);
    // Only what is opened counts: that the conversation has begun meanwhile is told by events.
  }, [sync, id]);

  /** Of a conversation that has not begun. */
  const [newModel, setNewModel] = useState<OwnModel | null>(null);
  const model = id === null ? newModel : (known?.model ?? begun?.beginModel ?? null);
  const choose = (next: OwnModel | null) => {
    if (id === null) return setNewModel(next);
    void attempt(async () => sync.dispatch({ kind: 'event', event: await api.chooseModel(id, next) }));
  };

  const edit = useCallback((text: string) => composer.current?.add(text), []);
  const send = (text: string, attachments: readonly Attachment[]) => {
    const place = outbox.add(text, id, attachments, newModel);
    if (id === null) navigate(`/c/${place}`);
  };

  return (
    <>
      <PageHead title={title}>
        {!isGone && <ModelChip model={model} onChoose={choose} />}
        <AgentChip busy={running !== null && statusOf(running) === 'working'} />
      </PageHead>
      {isGone ? (
        <Gone />
      ) : id === null ? (
        <FirstRun onExample={(text) => composer.current?.fill(text)} />
      ) : (
        <TranscriptView key={id} id={id} target={target} outgoing={outgoing} onEdit={edit} />
      )}
      {!isGone && <Composer ref={composer} id={id} running={running} onSend={send} onModel={choose} />}
    </>
  );
}

/** Whether there is no such conversation: it was deleted, or was read to be empty and is in no list. */
function useIsGone(id: string | null): boolean {
  return useChat(({ conversations, transcripts }) => {
    if (id === null || (transcripts.get(id)?.turns.size ?? 0) > 0) return false;
    const isUnlisted = conversations.loaded && !conversations.more && !conversations.byId.has(id);
    return conversations.gone.has(id) || (transcripts.has(id) && isUnlisted);
  });
}
