import './model-chip.css';
import { Cpu } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import type { OwnModel } from '../../amplify/core/conversation.ts';
import { useTexts } from '../i18n/preferences.tsx';

const ModelDialog = lazy(() => import('./model-dialog.tsx').then((m) => ({ default: m.ModelDialog })));

interface ModelChipProps {
  /** What the conversation has of its own. */
  model: OwnModel | null;
  onChoose(model: OwnModel | null): void;
}

/** Which model answers in the open conversation, at the head of the page; leads to the choice. */
export function ModelChip({ model, onChoose }: ModelChipProps) {
  const { ownModel: t } = useTexts();
  const [open, setOpen] = useState(false);
  const name = model?.model ?? t.default;
  return (
    <>
      <button
        type="button"
        id="conversation-model"
        className="model-chip"
        data-own={model !== null || undefined}
        aria-haspopup="dialog"
        aria-label={t.chip(name)}
        title={t.chip(name)}
        onClick={() => setOpen(true)}
      >
        <Cpu size={16} aria-hidden="true" />
        <span>{name}</span>
      </button>
      {open && (
        <Suspense>
          <ModelDialog model={model} onChoose={onChoose} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
