import './composer.css';
import { ArrowUp, Paperclip } from 'lucide-react';
import {
  type FormEvent,
  type KeyboardEvent,
  type Ref,
  useEffect,
  useId,
  useImperativeHandle,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import type { Attachment } from '../../amplify/core/attachment.ts';
import type { OwnModel } from '../../amplify/core/conversation.ts';
import { maxTextLength } from '../../amplify/core/message.ts';
import { UploadList } from '../attachments/upload-list.tsx';
import { useUploads } from '../attachments/use-uploads.ts';
import { formatNumber } from '../i18n/format.ts';
import { usePreferences } from '../i18n/preferences.tsx';
import { useChat, useWorkspace } from '../shell/workspace-context.tsx';
import { sendsMessage } from './enter-key.ts';
import { StopButton } from './stop-button.tsx';
import type { Turn } from './turn.ts';
import { useSlash } from './use-slash.tsx';

export interface ComposerHandle {
  /** Puts this text in place of what stands there. */
  fill(text: string): void;
  /** Puts this text behind what stands there. */
  add(text: string): void;
}

interface ComposerProps {
  ref: Ref<ComposerHandle>;
  /** The conversation that is written in; null for one that has not begun. */
  id: string | null;
  /** The message that can be stopped. */
  running: Turn | null;
  onSend(text: string, attachments: readonly Attachment[]): void;
  /** A model was chosen for the conversation by a command. */
  onModel(model: OwnModel | null): void;
}

/** Grows with its text where the browser does not do it by itself. */
function useGrowing(element: HTMLTextAreaElement | null, text: string) {
  useLayoutEffect(() => {
    if (!element || CSS.supports('field-sizing', 'content')) return;
    element.style.height = 'auto';
    element.style.height = `${element.scrollHeight}px`;
  }, [element, text]);
}

/** Where people write. It is never disabled: whatever happens, a text can be written and sent. */
export function Composer({ ref, id, running, onSend, onModel }: ComposerProps) {
  const { language, t } = usePreferences();
  const { drafts, wakeAhead } = useWorkspace();
  const asleep = useChat(
    (state) => state.agentRead && (state.agent === null || state.agent.state === 'asleep'),
  );
  const [draft, setDraft] = useState(() => ({ id, text: drafts.load(id) }));
  const [element, setElement] = useState<HTMLTextAreaElement | null>(null);
  const faultId = useId();
  const chooser = useRef<HTMLInputElement>(null);
  const { uploads, add, remove, retry, clear } = useUploads(id);
  /** Send was pressed while a file was still on its way. */
  const [waits, setWaits] = useState(false);
  const [dragged, setDragged] = useState(false);

  if (draft.id !== id) setDraft({ id, text: drafts.load(id) });
  const { text } = draft;
  const over = text.length - maxTextLength;
  useGrowing(element, text);

  const write = (next: string) => {
    setDraft({ id, text: next });
    drafts.save(id, next);
  };
  const place = (next: string) => {
    write(next);
    element?.focus();
  };
  const slash = useSlash(text, { place, onModel });
  useImperativeHandle(ref, () => ({
    fill: place,
    add: (more) => place(text.trim() ? `${text.trimEnd()}\n${more}` : more),
  }));

  // A keyboard at hand: writing begins at once. On a phone it would cover what was just opened.
  useEffect(() => {
    if (window.matchMedia('(hover: hover) and (pointer: fine)').matches) element?.focus();
  }, [element, id]);

  const ready = uploads.flatMap(({ attachment }) => attachment ?? []);
  const isUploading = uploads.some(({ attachment, fault }) => !attachment && fault === undefined);
  const isFilled = (text.trim() !== '' || uploads.length > 0) && over <= 0;
  const send = (event?: FormEvent) => {
    event?.preventDefault();
    element?.focus();
    if (!isFilled) return;
    // What could not be uploaded is for the user to try again or to leave out.
    if (ready.length < uploads.length) return setWaits(isUploading);
    setWaits(false);
    write('');
    clear();
    onSend(text, ready);
  };
  // The last file is up: what was waiting goes out. One that failed keeps it here.
  const sendNow = useRef(send);
  sendNow.current = send;
  useEffect(() => {
    if (waits && !isUploading) sendNow.current();
  }, [waits, isUploading]);

  const take = (files: FileList | null | undefined): boolean => {
    if (!files || files.length === 0) return false;
    add([...files]);
    return true;
  };

  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (slash.takesKey(event)) return event.preventDefault();
    if (
      !sendsMessage({
        ...event,
        isComposing: event.nativeEvent.isComposing,
        key: event.key,
        keyCode: event.keyCode,
        shiftKey: event.shiftKey,
        altKey: event.altKey,
      })
    )
      return;
    event.preventDefault();
    send();
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: files may be dropped here; the button does the same
    <div
      className="composer-dock"
      data-dragged={dragged || undefined}
      onDragOver={(event) => {
        if (!event.dataTransfer.types.includes('Files')) return;
        event.preventDefault();
        setDragged(true);
      }}
      onDragLeave={() => setDragged(false)}
      onDrop={(event) => {
        setDragged(false);
        if (take(event.dataTransfer.files)) event.preventDefault();
      }}
    >
      {slash.list}
      <UploadList uploads={uploads} onRemove={remove} onRetry={retry} />
      {waits && (
        <p className="composer-waits" role="status">
          {t.files.waits}
        </p>
      )}
      <form className="composer" onSubmit={send}>
        <input
          ref={chooser}
          type="file"
          multiple
          hidden
          onChange={(event) => {
            take(event.target.files);
            event.target.value = '';
          }}
        />
        <button
          type="button"
          className="icon-button composer-attach"
          onClick={() => chooser.current?.click()}
          aria-label={t.files.attach}
          title={t.files.attach}
        >
          <Paperclip size={19} aria-hidden="true" />
        </button>
        <textarea
          ref={setElement}
          id="composer"
          rows={1}
          value={text}
          placeholder={asleep ? t.chat.placeholderAsleep : t.chat.placeholder}
          aria-label={t.chat.message}
          aria-describedby={over > 0 ? faultId : undefined}
          aria-invalid={over > 0 || undefined}
          {...slash.attributes}
          enterKeyHint="send"
          autoComplete="off"
          onChange={(event) => {
            write(event.target.value);
            wakeAhead.typed();
          }}
          onKeyDown={onKeyDown}
          onPaste={(event) => {
            if (take(event.clipboardData.files)) event.preventDefault();
          }}
        />
        <div className="composer-actions">
          {running?.row && <StopButton message={running.row} />}
          <button
            type="submit"
            className="composer-send"
            aria-label={t.chat.send}
            title={t.chat.hint}
            data-ready={isFilled || undefined}
          >
            <ArrowUp size={20} aria-hidden="true" />
          </button>
        </div>
      </form>
      {over > 0 && (
        <p className="composer-fault" id={faultId} role="alert">
          {t.chat.tooLong(formatNumber(language, over))}
        </p>
      )}
    </div>
  );
}
