import './markdown.css';
import { Image as ImageIcon, Square, SquareCheck } from 'lucide-react';
import { memo } from 'react';
import ReactMarkdown, { type Components, defaultUrlTransform } from 'react-markdown';
import remarkCjkFriendly from 'remark-cjk-friendly';
import remarkGfm from 'remark-gfm';
import remend from 'remend';
import { useTexts } from '../i18n/preferences.tsx';
import { CodeBlock } from './code-block.tsx';
import { markdownBlocks } from './markdown-blocks.ts';
import { headingsBelow } from './remark-headings.ts';

/** Answers stand below a heading of level 3. */
const plugins = [remarkGfm, remarkCjkFriendly, [headingsBelow, 3] as [typeof headingsBelow, number]];

function ImageLine({ alt, src }: { alt?: string | undefined; src?: unknown }) {
  const { chat: t } = useTexts();
  const name = t.image(alt || t.imageUnnamed);
  return (
    <span className="markdown-image">
      <ImageIcon size={14} aria-hidden="true" />
      {typeof src === 'string' && src ? (
        <a href={src} target="_blank" rel="noopener noreferrer nofollow">
          {name}
        </a>
      ) : (
        name
      )}
    </span>
  );
}

function TableFrame({ children }: { children?: React.ReactNode }) {
  const { chat: t } = useTexts();
  return (
    // biome-ignore lint/a11y/useSemanticElements: a group of fields is something else
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keys
    <div className="markdown-table" role="group" aria-label={t.table} tabIndex={0}>
      <table>{children}</table>
    </div>
  );
}

function Task({ done }: { done: boolean }) {
  const { chat: t } = useTexts();
  const Icon = done ? SquareCheck : Square;
  return <Icon size={16} role="img" aria-label={done ? t.taskDone : t.taskOpen} className="markdown-task" />;
}

const components: Components = {
  a: ({ href, children }) =>
    href ? (
      <a href={href} target="_blank" rel="noopener noreferrer nofollow">
        {children}
      </a>
    ) : (
      <span>{children}</span>
    ),
  // A picture is not fetched by itself: its address could carry what the agent knows to a stranger.
  img: ({ alt, src }) => <ImageLine alt={alt} src={src} />,
  pre: ({ node }) => <CodeBlock node={node} />,
  input: ({ checked }) => <Task done={Boolean(checked)} />,
  table: ({ children }) => <TableFrame>{children}</TableFrame>,
};

/** Addresses that a link may have. Remend's own mark for an address that is still coming becomes none. */
const safeUrl = (url: string): string => (/^(https?:|mailto:)/i.test(url) ? defaultUrlTransform(url) : '');

const Block = memo(function Block({ text }: { text: string }) {
  return (
    <ReactMarkdown remarkPlugins={plugins} components={components} urlTransform={safeUrl} skipHtml>
      {text}
    </ReactMarkdown>
  );
});

/** Markdown as people read it. `streaming`: more is to come, and what is still open is closed for the eye. */
export function Markdown({ text, streaming }: { text: string; streaming: boolean }) {
  if (!streaming) {
    return (
      <div className="markdown">
        <Block text={text} />
      </div>
    );
  }
  const blocks = markdownBlocks(text);
  return (
    <div className="markdown">
      {blocks.map((block, index) => (
        // Blocks only ever grow at the end: their place is their name.
        <Block key={index} text={index === blocks.length - 1 ? remend(block) : block} />
      ))}
    </div>
  );
}
