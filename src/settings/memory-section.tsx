import { useCallback, useEffect, useState } from 'react';
import type { OwnSnapshot } from '../../amplify/core/snapshot.ts';
import { useTexts } from '../i18n/preferences.tsx';
import { useAttempt } from '../shell/use-attempt.ts';
import { useChat, useWorkspace } from '../shell/workspace-context.tsx';
import { SettingsUnread } from './settings-unread.tsx';
import { SnapshotRow } from './snapshot-row.tsx';
import { StateImport } from './state-import.tsx';

/** What the agent has saved: its memory and files as they were, to begin with again or to keep as a file, and to bring from one. */
export function MemorySection() {
  const { settings } = useTexts();
  const t = settings.memory;
  const { api } = useWorkspace();
  const attempt = useAttempt();
  const state = useChat(({ agent }) => agent?.state);
  const [snapshots, setSnapshots] = useState<readonly OwnSnapshot[] | 'failed' | null>(null);
  const isAsleep = state !== 'awake' && state !== 'waking' && state !== 'stopping';

  const read = useCallback(
    () => api.listSnapshots().then(setSnapshots, () => setSnapshots((before) => before ?? 'failed')),
    [api],
  );
  // An agent that falls asleep has saved itself.
  useEffect(() => void read(), [read, state]);

  const restore = (id: string) => attempt(async () => setSnapshots(await api.restoreSnapshot(id)));
  const keep = (id: string) =>
    attempt(async () => {
      const { download } = await api.exportSnapshot(id);
      // A link that is pressed: the address says that the file is to be saved.
      const link = document.createElement('a');
      link.href = download.url;
      link.rel = 'noopener';
      link.click();
    });

  return (
    <>
      <p className="field-hint">{t.about}</p>
      {snapshots === 'failed' && <SettingsUnread onRead={read} />}
      {snapshots && snapshots !== 'failed' && (
        <>
          {snapshots.length === 0 && <p className="field-hint">{t.none}</p>}
          {snapshots.length > 0 && (
            <ul className="snapshots">
              {snapshots.map((snapshot) => (
                <SnapshotRow
                  key={snapshot.id}
                  snapshot={snapshot}
                  mayRestore={isAsleep}
                  onRestore={() => restore(snapshot.id)}
                  onExport={() => keep(snapshot.id)}
                />
              ))}
            </ul>
          )}
          {!isAsleep && <p className="field-hint">{t.asleepFirst}</p>}
          {snapshots.length > 0 && <p className="field-hint">{t.exportHint}</p>}
          <StateImport mayImport={isAsleep} onImported={setSnapshots} />
        </>
      )}
    </>
  );
}
