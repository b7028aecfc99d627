import './schedules-page.css';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import type { ScheduleView } from '../../amplify/core/schedule/schedule-view.ts';
import { usePreferences } from '../i18n/preferences.tsx';
import { Page } from '../shell/page.tsx';
import { ScheduleDialog } from './schedule-dialog.tsx';
import { ScheduleItem } from './schedule-item.tsx';
import { scheduleTexts } from './schedule-texts.ts';
import { useSchedules } from './use-schedules.ts';

/** Messages that are sent at their time: what comes next first. */
export function SchedulesPage() {
  const { t: texts, language } = usePreferences();
  const t = scheduleTexts[language];
  const { schedules, read } = useSchedules();
  const [edited, setEdited] = useState<ScheduleView | 'new' | null>(null);
  return (
    <Page title={texts.pages.schedules}>
      <div className="schedules-head">
        <p>{t.about}</p>
        <button type="button" className="button" data-kind="primary" onClick={() => setEdited('new')}>
          <Plus size={16} aria-hidden="true" />
          {t.make}
        </button>
      </div>
      {schedules === null && (
        <p className="schedules-none" role="status">
          {t.reading}
        </p>
      )}
      {schedules === 'failed' && (
        <p className="schedules-none" role="alert">
          {t.unread}{' '}
          <button type="button" className="button" data-size="small" onClick={() => void read()}>
            {texts.chat.again}
          </button>
        </p>
      )}
      {Array.isArray(schedules) && schedules.length === 0 && <p className="schedules-none">{t.none}</p>}
      {Array.isArray(schedules) && schedules.length > 0 && (
        <ul className="schedules">
          {schedules.map((schedule: ScheduleView) => (
            <ScheduleItem
              key={schedule.id}
              schedule={schedule}
              onEdit={() => setEdited(schedule)}
              onChanged={read}
            />
          ))}
        </ul>
      )}
      {edited !== null && (
        <ScheduleDialog
          schedule={edited === 'new' ? null : edited}
          onSaved={read}
          onClose={() => setEdited(null)}
        />
      )}
    </Page>
  );
}
