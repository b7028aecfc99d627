import { Pencil, SendHorizontal, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { Link, useLocation } from 'wouter';
import type { ScheduleView } from '../../amplify/core/schedule/schedule-view.ts';
import { undoFor } from '../conversations/deletions.ts';
import { formatAppointment } from '../i18n/format.ts';
import { usePreferences } from '../i18n/preferences.tsx';
import { Menu } from '../shell/menu.tsx';
import { useNotify } from '../shell/notices.tsx';
import { useAttempt } from '../shell/use-attempt.ts';
import { useChat, useWorkspace } from '../shell/workspace-context.tsx';
import { cadenceText } from './cadence-text.ts';
import { scheduleTexts } from './schedule-texts.ts';

interface ScheduleItemProps {
  schedule: ScheduleView;
  onEdit(): void;
  /** The list is to be read again. */
  onChanged(): Promise<void>;
}

/** One schedule: what is sent, when, where, what became of the last time, and what can be done to it. */
export function ScheduleItem({ schedule, onEdit, onChanged }: ScheduleItemProps) {
  const { t: texts, language } = usePreferences();
  const t = scheduleTexts[language];
  const { api, outbox, clock } = useWorkspace();
  const attempt = useAttempt();
  const notify = useNotify();
  const [, navigate] = useLocation();
  const [isBusy, setBusy] = useState(false);
  const { conversationId, text, cadence, nextAt, lastRun, madeBy, id } = schedule;
  const conversation = useChat((state) => state.conversations.byId.get(conversationId));
  const input = { id, conversationId, text, cadence };
  const now = new Date(clock.now());
  const moment = (at: string) => formatAppointment(language, at, now);

  const change = async (work: () => Promise<unknown>) => {
    setBusy(true);
    const done = await attempt(work);
    await onChanged();
    setBusy(false);
    return done;
  };
  const sendNow = () => navigate(`/c/${outbox.add(text, conversationId)}`);
  const remove = async () => {
    if (!(await change(() => api.removeSchedule(id)))) return;
    notify('info', t.deleted, {
      label: t.undo,
      forMs: undoFor,
      run: () => void attempt(() => api.saveSchedule({ ...input, isOn: nextAt !== null })).then(onChanged),
    });
  };
  return (
    <li className="schedule" data-off={nextAt === null || undefined}>
      <input
        type="checkbox"
        className="schedule-switch"
        checked={nextAt !== null}
        disabled={isBusy}
        aria-label={t.on(text)}
        onChange={(event) => {
          const isOn = event.target.checked;
          void change(() => api.saveSchedule({ ...input, isOn }));
        }}
      />
      <div className="schedule-body">
        <p className="schedule-text">{text}</p>
        <p className="schedule-when">
          {cadenceText(cadence, language, now)}
          {cadence.kind !== 'once' && nextAt !== null && ` · ${t.next(moment(nextAt))}`}
          {nextAt === null && ` · ${t.off}`}
        </p>
        <p className="schedule-note">
          <Link href={`/c/${conversationId}`}>
            {conversation?.value.title || texts.conversations.untitled}
          </Link>
          {madeBy === 'agent' && ` · ${t.byAgent}`}
          {lastRun && !lastRun.error && ` · ${t.sent(moment(lastRun.at))}`}
        </p>
        {lastRun?.error && (
          <p className="schedule-fault">
            {t.notSent(
              moment(lastRun.dueAt),
              `${texts.faults[lastRun.error.code].happened} ${texts.faults[lastRun.error.code].next}`,
            )}
          </p>
        )}
      </div>
      <Menu
        label={t.menu(text)}
        items={[
          { key: 'edit', label: t.edit, icon: Pencil, onSelect: onEdit },
          { key: 'send', label: t.sendNow, icon: SendHorizontal, onSelect: sendNow },
          { key: 'delete', label: t.delete, icon: Trash2, danger: true, onSelect: () => void remove() },
        ]}
      />
    </li>
  );
}
