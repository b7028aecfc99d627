import './search.css';
import { Search } from 'lucide-react';
import type { KeyboardEvent } from 'react';
import { useTexts } from '../i18n/preferences.tsx';

interface SearchBoxProps {
  text: string;
  onChange(text: string): void;
}

/** Where people type what they look for. Escape empties it, the arrow leads to what was found. */
export function SearchBox({ text, onChange }: SearchBoxProps) {
  const { search: t } = useTexts();
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.nativeEvent.isComposing || event.keyCode === 229) return;
    if (event.key === 'Escape' && text !== '') {
      event.stopPropagation();
      onChange('');
    }
    if (event.key === 'ArrowDown') {
      event.preventDefault();
      document.querySelector<HTMLElement>('.search-hit, .conversation-link')?.focus();
    }
  };
  return (
    <div className="search-box">
      <Search size={16} aria-hidden="true" />
      <input
        id="search"
        type="search"
        value={text}
        maxLength={200}
        placeholder={t.placeholder}
        aria-label={t.placeholder}
        autoComplete="off"
        enterKeyHint="search"
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={onKeyDown}
      />
    </div>
  );
}
