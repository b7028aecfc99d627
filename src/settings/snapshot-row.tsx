import './snapshot-row.css';
import { Download, RotateCcw } from 'lucide-react';
import { useState } from 'react';
import type { OwnSnapshot } from '../../amplify/core/snapshot.ts';
import { formatMoment, formatSize } from '../i18n/format.ts';
import { usePreferences } from '../i18n/preferences.tsx';
import { Dialog } from '../shell/dialog.tsx';

interface SnapshotRowProps {
  snapshot: OwnSnapshot;
  mayRestore: boolean;
  onRestore(): Promise<boolean>;
  onExport(): Promise<boolean>;
}

/** One saved state, and what can be done with it. Restoring asks once more. */
export function SnapshotRow({ snapshot, mayRestore, onRestore, onExport }: SnapshotRowProps) {
  const { t: texts, language } = usePreferences();
  const t = texts.settings.memory;
  const [isAsking, setAsking] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const moment = formatMoment(language, snapshot.savedAt);

  const during = async (work: () => Promise<boolean>) => {
    setBusy(true);
    await work();
    setBusy(false);
  };

  return (
    <li className="snapshot">
      <div className="snapshot-what">
        <span className="snapshot-moment">{moment}</span>
        <span className="snapshot-size">{formatSize(language, snapshot.size)}</span>
        {snapshot.isImported && <span className="snapshot-size">{t.imported}</span>}
        {snapshot.isNext && <span className="snapshot-next">{t.next}</span>}
      </div>
      <div className="settings-actions">
        {!snapshot.isNext && (
          <button
            type="button"
            className="button"
            data-size="small"
            disabled={!mayRestore || isBusy}
            aria-label={t.restoreOf(moment)}
            onClick={() => setAsking(true)}
          >
            <RotateCcw size={15} aria-hidden="true" />
            {t.restore}
          </button>
        )}
        <button
          type="button"
          className="button"
          data-size="small"
          disabled={isBusy}
          aria-label={t.exportOf(moment)}
          onClick={() => void during(onExport)}
        >
          <Download size={15} aria-hidden="true" />
          {t.export}
        </button>
      </div>
      {isAsking && (
        <Dialog title={t.restoreTitle} onClose={() => setAsking(false)}>
          <p className="dialog-text">{t.restoreBody(moment)}</p>
          <div className="dialog-actions">
            <button type="button" className="button" onClick={() => setAsking(false)}>
              {texts.app.cancel}
            </button>
            <button
              type="button"
              className="button"
              data-kind="primary"
              onClick={() => {
                setAsking(false);
                void during(onRestore);
              }}
            >
              {t.restore}
            </button>
          </div>
        </Dialog>
      )}
    </li>
  );
}
