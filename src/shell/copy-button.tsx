import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTexts } from '../i18n/preferences.tsx';
import { useNotify } from './notices.tsx';

const shownFor = 2000;

/** Copies a text; says for a moment that it did. */
export function CopyButton({ text, label }: { text: string; label: string }) {
  const { chat: t } = useTexts();
  const notify = useNotify();
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), shownFor);
    return () => clearTimeout(timer);
  }, [copied]);

  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setCopied(true);
    } catch {
      notify('error', t.copyFailed);
    }
  };

  return (
    <button
      type="button"
      className="icon-button copy"
      onClick={() => void copy()}
      aria-label={copied ? t.copied : label}
      title={label}
    >
      {copied ? <Check size={15} aria-hidden="true" /> : <Copy size={15} aria-hidden="true" />}
    </button>
  );
}
