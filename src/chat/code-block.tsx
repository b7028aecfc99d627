import type { ExtraProps } from 'react-markdown';
import { useTexts } from '../i18n/preferences.tsx';
import { CopyButton } from '../shell/copy-button.tsx';

type Element = NonNullable<ExtraProps['node']>;

function textOf(node: Element | Element['children'][number] | undefined): string {
  if (!node) return '';
  if (node.type === 'text') return node.value;
  return node.type === 'element' ? node.children.map(textOf).join('') : '';
}

/** The language that a fence names. */
function languageOf(code: Element | undefined): string | null {
  const names = code?.properties.className;
  const name = Array.isArray(names)
    ? names.map(String).find((each) => each.startsWith('language-'))
    : undefined;
  return name?.slice('language-'.length) ?? null;
}

/** A block of code with its language and a button that copies it. */
export function CodeBlock({ node }: { node?: Element | undefined }) {
  const { chat: t } = useTexts();
  const code = node?.children.find((child): child is Element => child.type === 'element');
  const text = textOf(node);
  const language = languageOf(code) ?? t.code;
  return (
    <figure className="code">
      <figcaption className="code-head">
        <span>{language}</span>
        <CopyButton text={text} label={t.copyCode} />
      </figcaption>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keys */}
      <pre tabIndex={0}>
        <code>{text}</code>
      </pre>
    </figure>
  );
}
