import { useCallback, useEffect, useState } from 'react';
import type { ScheduleView } from '../../amplify/core/schedule/schedule-view.ts';
import { useChat, useWorkspace } from '../shell/workspace-context.tsx';

/** The user's schedules, read again whenever one was changed anywhere or was sent. Null while they are read for the first time. */
export function useSchedules(): {
  schedules: readonly ScheduleView[] | 'failed' | null;
  read(): Promise<void>;
} {
  const { api } = useWorkspace();
  const changes = useChat((state) => state.schedulesTick);
  const [schedules, setSchedules] = useState<readonly ScheduleView[] | 'failed' | null>(null);
  const read = useCallback(
    () => api.listSchedules().then(setSchedules, () => setSchedules((before) => before ?? 'failed')),
    [api],
  );
  useEffect(() => void read(), [read, changes]);
  return { schedules, read };
}
