import { type FormEvent, useId, useRef, useState } from 'react';
import { titleFrom } from '../../amplify/core/conversation.ts';
import { errorCodeOf } from '../../amplify/core/error.ts';
import { newId } from '../../amplify/core/message-id.ts';
import { firstTime } from '../../amplify/core/schedule/next-time.ts';
import { maxScheduleText, type ScheduleView } from '../../amplify/core/schedule/schedule-view.ts';
import { orderedConversations } from '../conversations/conversations.ts';
import { formatAppointment } from '../i18n/format.ts';
import { usePreferences } from '../i18n/preferences.tsx';
import type { Texts } from '../i18n/texts.ts';
import { Dialog } from '../shell/dialog.tsx';
import { faultLine } from '../shell/fault-line.ts';
import { useChat, useWorkspace } from '../shell/workspace-context.tsx';
import { CadenceFields } from './cadence-fields.tsx';
import { cadenceOf, type Draft, draftOf, emptyDraft } from './draft.ts';
import { type ScheduleTexts, scheduleTexts } from './schedule-texts.ts';

interface ScheduleDialogProps {
  /** The one that is changed; null for a new one. */
  schedule: ScheduleView | null;
  onSaved(): Promise<void>;
  onClose(): void;
}

/** Makes a schedule, or changes one. Says when it comes next before it is saved, or why it can't. */
export function ScheduleDialog({ schedule, onSaved, onClose }: ScheduleDialogProps) {
  const { t: texts, language } = usePreferences();
  const t = scheduleTexts[language];
  const { api, sync, clock } = useWorkspace();
  const conversations = orderedConversations(useChat((state) => state.conversations));
  const field = useId();
  // The same ones however often it is tried: nothing is made twice.
  const fresh = useRef({ schedule: newId(clock.now()), conversation: newId(clock.now()) }).current;
  const [text, setText] = useState(schedule?.text ?? '');
  const [place, setPlace] = useState(schedule?.conversationId ?? '');
  const [draft, setDraft] = useState<Draft>(() => {
    const now = new Date(clock.now());
    return schedule ? draftOf(schedule.cadence, now) : emptyDraft(now);
  });
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const cadence = cadenceOf(draft);
  const { next, fault } = preview(draft, clock.now(), texts, t);
  const listed = schedule && !conversations.some(({ id }) => id === schedule.conversationId);

  const save = async (event: FormEvent) => {
    event.preventDefault();
    if (!cadence || fault !== null || text.trim() === '') return setProblem(fault);
    setBusy(true);
    setProblem(null);
    try {
      if (place === '') {
        const made = await api.createConversation(fresh.conversation, titleFrom(text));
        sync.dispatch({ kind: 'event', event: made });
      }
      const conversationId = place || fresh.conversation;
      await api.saveSchedule({
        ...{ id: schedule?.id ?? fresh.schedule, conversationId, text, cadence },
        // What was put off stays off until another time is wanted.
        isOn: schedule?.nextAt !== null || JSON.stringify(schedule.cadence) !== JSON.stringify(cadence),
      });
      await onSaved();
      onClose();
    } catch (error) {
      setProblem(faultLine(error, texts));
      setBusy(false);
    }
  };

  return (
    <Dialog title={schedule ? t.editTitle : t.makeTitle} onClose={onClose}>
      <form className="form" onSubmit={(event) => void save(event)}>
        <div className="field">
          <label className="field-label" htmlFor={`${field}-text`}>
            {t.text}
          </label>
          <textarea
            id={`${field}-text`}
            rows={3}
            required
            maxLength={maxScheduleText}
            placeholder={t.textHint}
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        </div>
        <CadenceFields draft={draft} onChange={setDraft} />
        <div className="field">
          <label className="field-label" htmlFor={`${field}-place`}>
            {t.where}
          </label>
          <select id={`${field}-place`} value={place} onChange={(event) => setPlace(event.target.value)}>
            {!schedule && <option value="">{t.newConversation}</option>}
            {listed && <option value={schedule.conversationId}>{texts.conversations.untitled}</option>}
            {conversations.map(({ id, title }) => (
              <option key={id} value={id}>
                {title || texts.conversations.untitled}
              </option>
            ))}
          </select>
        </div>
        <p className="schedule-preview" role="status">
          {next !== null && t.next(formatAppointment(language, next, new Date(clock.now())))}
          {fault !== null && <span className="field-fault">{fault}</span>}
        </p>
        <p className="field-fault" role="alert">
          {problem !== fault && problem}
        </p>
        <div className="dialog-actions">
          <button type="button" className="button" onClick={onClose}>
            {texts.app.cancel}
          </button>
          <button type="submit" className="button" data-kind="primary" disabled={isBusy}>
            {t.save}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

/** When it comes next, or why it can't be kept: by the rules that the backend has. */
function preview(
  draft: Draft,
  now: number,
  texts: Texts,
  t: ScheduleTexts,
): { next: string | null; fault: string | null } {
  const cadence = cadenceOf(draft);
  if (!cadence) return { next: null, fault: draft.choice === 'weekly' ? t.noDay : null };
  try {
    return { next: new Date(firstTime(cadence, now)).toISOString(), fault: null };
  } catch (error) {
    const { happened, next } = texts.faults[errorCodeOf(error)];
    return { next: null, fault: `${happened} ${next}` };
  }
}
