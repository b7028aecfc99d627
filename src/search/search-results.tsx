import './search.css';
import { MessageSquareText } from 'lucide-react';
import { Fragment } from 'react';
import { Link } from 'wouter';
import { formatShortDay } from '../i18n/format.ts';
import { usePreferences } from '../i18n/preferences.tsx';
import { useChat } from '../shell/workspace-context.tsx';
import { useSearch } from './use-search.ts';

/** Marks what was searched for. */
function Marked({ text, wanted }: { text: string; wanted: string }) {
  const at = text.toLowerCase().indexOf(wanted.toLowerCase());
  if (at < 0) return text;
  const end = at + wanted.length;
  return (
    <Fragment>
      {text.slice(0, at)}
      <mark>{text.slice(at, end)}</mark>
      {text.slice(end)}
    </Fragment>
  );
}

/** What holds the text: conversations by their titles, then messages. */
export function SearchResults({ text }: { text: string }) {
  const { language, t: texts } = usePreferences();
  const t = texts.search;
  const { titles, hits, state } = useSearch(text);
  const byId = useChat((value) => value.conversations.byId);
  const count = titles.length + hits.length;
  const status = {
    searching: t.searching,
    done: count === 0 ? t.nothing(text) : t.found(count),
    partly: t.partly(count),
    failed: t.failed,
  }[state];
  return (
    <nav className="conversations" aria-label={t.results}>
      <p className="search-status" role="status">
        {status}
      </p>
      <ul className="search-list">
        {titles.map(({ id, title }) => (
          <li key={id}>
            <Link href={`/c/${id}`} className="search-hit">
              <span className="search-title">
                <Marked text={title || texts.conversations.untitled} wanted={text} />
              </span>
            </Link>
          </li>
        ))}
        {hits.map((hit) => (
          <li key={hit.messageId}>
            <Link href={`/c/${hit.conversationId}/${hit.messageId}`} className="search-hit">
              <span className="search-where">
                <MessageSquareText size={13} aria-hidden="true" />
                <span>{byId.get(hit.conversationId)?.value.title || texts.conversations.untitled}</span>
                <time dateTime={hit.acceptedAt}>{formatShortDay(language, hit.acceptedAt)}</time>
              </span>
              <span className="search-snippet">
                <Marked text={hit.snippet} wanted={text} />
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
