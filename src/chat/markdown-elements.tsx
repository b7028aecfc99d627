import { Image as ImageIcon, Square, SquareCheck } from 'lucide-react';
import { createElement, lazy, type ReactNode, Suspense } from 'react';
import { useTexts } from '../i18n/preferences.tsx';
import { CodeBlock } from './code-block.tsx';
import { type Element, isElement, type Node, textOf } from './markdown-tree.ts';

const Formula = lazy(() => import('./formula.tsx').then((m) => ({ default: m.Formula })));

/** The elements that are drawn as they are. Whatever else a tree holds is drawn as what is in it. */
const plain = new Set(
  'p br hr em strong del sup blockquote ul ol li thead tbody tr th td h1 h2 h3 h4 h5 h6 section'.split(' '),
);

/** Addresses that a link may have; anything else is no link. */
const safeAddress = (value: unknown): string | null =>
  typeof value === 'string' && /^(https?:\/\/|mailto:)/i.test(value) ? value : null;

function Link({ to, children }: { to: string; children: ReactNode }) {
  return (
    <a href={to} target="_blank" rel="noopener noreferrer nofollow">
      {children}
    </a>
  );
}

/** A picture is not fetched by itself: its address could carry what the agent knows to a stranger. */
function ImageLine({ alt, address }: { alt: string; address: string | null }) {
  const { chat: t } = useTexts();
  const name = t.image(alt || t.imageUnnamed);
  return (
    <span className="markdown-image">
      <ImageIcon size={14} aria-hidden="true" />
      {address ? <Link to={address}>{name}</Link> : name}
    </span>
  );
}

function TableFrame({ children }: { children: ReactNode }) {
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

const classesOf = ({ properties }: Element): readonly unknown[] =>
  Array.isArray(properties.className) ? properties.className : [];

function drawCode(code: Element, isBlock: boolean): ReactNode {
  const classes = classesOf(code);
  const text = textOf(code);
  if (classes.includes('language-math')) {
    return (
      <Suspense fallback={<code>{text}</code>}>
        <Formula text={text} display={classes.includes('math-display')} />
      </Suspense>
    );
  }
  if (!isBlock) return <code>{text}</code>;
  const fence = classes.map(String).find((name) => name.startsWith('language-'));
  return <CodeBlock text={text} language={fence?.slice('language-'.length) ?? null} />;
}

function drawElement(element: Element): ReactNode {
  const { tagName: tag, properties } = element;
  const children = drawNodes(element.children);
  switch (tag) {
    case 'a': {
      const to = safeAddress(properties.href);
      return to ? <Link to={to}>{children}</Link> : <span>{children}</span>;
    }
    case 'img':
      return <ImageLine alt={String(properties.alt ?? '')} address={safeAddress(properties.src)} />;
    case 'input':
      return <Task done={Boolean(properties.checked)} />;
    case 'table':
      return <TableFrame>{children}</TableFrame>;
    case 'code':
      return drawCode(element, false);
    case 'pre': {
      const code = element.children.find(isElement);
      return code ? drawCode(code, true) : null;
    }
  }
  if (!plain.has(tag)) return children;
  const attributes: Record<string, unknown> = {};
  if (tag === 'ol' && typeof properties.start === 'number') attributes.start = properties.start;
  if (typeof properties.align === 'string') attributes['data-align'] = properties.align;
  return createElement(tag, attributes, ...(children.length > 0 ? children : []));
}

/** Draws a tree: elements and attributes by a list of what is allowed, so that no answer can bring its own. */
export function drawNodes(nodes: readonly Node[]): ReactNode[] {
  return nodes.map((node) => ('value' in node ? node.value : isElement(node) ? drawElement(node) : null));
}
