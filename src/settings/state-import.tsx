import './state-import.css';
import { Upload } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import type { OwnSnapshot } from '../../amplify/core/snapshot.ts';
import { formatShare, formatSize } from '../i18n/format.ts';
import { usePreferences } from '../i18n/preferences.tsx';
import { Dialog } from '../shell/dialog.tsx';
import { faultLine } from '../shell/fault-line.ts';
import { useNotify } from '../shell/notices.tsx';
import { useWorkspace } from '../shell/workspace-context.tsx';
import { type ImportProgress, importState } from './import-state.ts';

interface StateImportProps {
  mayImport: boolean;
  onImported(snapshots: readonly OwnSnapshot[]): void;
}

/** Lets the agent begin with a file: asks first, shows how far it is, and can be taken back until it is there. */
export function StateImport({ mayImport, onImported }: StateImportProps) {
  const { t: texts, language } = usePreferences();
  const t = texts.settings.memory.import;
  const { api } = useWorkspace();
  const notify = useNotify();
  const chooser = useRef<HTMLInputElement>(null);
  const [chosen, setChosen] = useState<File | null>(null);
  const [progress, setProgress] = useState<ImportProgress | null>(null);
  const stop = useRef<AbortController | null>(null);
  useEffect(() => () => stop.current?.abort(), []);

  const begin = async (file: File) => {
    const own = new AbortController();
    stop.current = own;
    setProgress({ step: 'reading', share: 0 });
    try {
      onImported(await importState(api, file, setProgress, own.signal));
      notify('info', t.done);
    } catch (error) {
      if (!own.signal.aborted) notify('error', faultLine(error, texts));
    }
    setChosen(null);
    setProgress(null);
  };

  if (chosen && progress) {
    return (
      <div className="state-import">
        <p className="state-import-what">
          <span className="state-import-name">{chosen.name}</span>
          <span>{t[progress.step](formatShare(language, progress.share))}</span>
        </p>
        <progress max={1} value={progress.share} aria-label={t.label(chosen.name)} />
        <p className="field-hint">{t.stay}</p>
        <button type="button" className="button" data-size="small" onClick={() => stop.current?.abort()}>
          {texts.app.cancel}
        </button>
      </div>
    );
  }
  return (
    <div className="state-import">
      <input
        ref={chooser}
        type="file"
        hidden
        onChange={(event) => {
          setChosen(event.target.files?.[0] ?? null);
          event.target.value = '';
        }}
      />
      <button
        type="button"
        className="button"
        data-size="small"
        disabled={!mayImport}
        onClick={() => chooser.current?.click()}
      >
        <Upload size={15} aria-hidden="true" />
        {t.choose}
      </button>
      <p className="field-hint">{t.hint}</p>
      {chosen && (
        <Dialog title={t.title} onClose={() => setChosen(null)}>
          <p className="dialog-text">{t.body(chosen.name, formatSize(language, chosen.size))}</p>
          <p className="dialog-text">{t.trust}</p>
          <div className="dialog-actions">
            <button type="button" className="button" onClick={() => setChosen(null)}>
              {texts.app.cancel}
            </button>
            <button type="button" className="button" data-kind="primary" onClick={() => void begin(chosen)}>
              {t.confirm}
            </button>
          </div>
        </Dialog>
      )}
    </div>
  );
}
