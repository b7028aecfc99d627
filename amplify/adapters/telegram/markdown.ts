import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { cjkFriendlyExtension } from 'micromark-extension-cjk-friendly';
import { gfm } from 'micromark-extension-gfm';
import { lengthOf, type Mark, type Run, textOf } from './runs.ts';

type Root = ReturnType<typeof fromMarkdown>;
type RootContent = Root['children'][number];
type Of<Type extends RootContent['type']> = Extract<RootContent, { type: Type }>;
type Definition = Of<'definition'>;
type PhrasingContent = Of<'paragraph'>['children'][number];
type Table = Of<'table'>;
type AlignType = NonNullable<Table['align']>[number];
type Nodes = Root | RootContent;

/** A part of a text that is better not torn: a paragraph, a list, a block of code. */
export type Block = readonly Run[];

/** Reads markdown as the web app does (GitHub's, with emphasis beside Korean letters) into blocks. */
export function blocksOf(markdown: string): readonly Block[] {
  const root = fromMarkdown(markdown.toWellFormed().replaceAll('\0', ''), {
    extensions: [gfm(), cjkFriendlyExtension()],
    mdastExtensions: [gfmFromMarkdown()],
  });
  const definitions = new Map<string, Definition>();
  collect(root, definitions);
  const writer = new Writer(definitions);
  return root.children.map((node) => writer.block(node, [])).filter((block) => textOf(block).trim() !== '');
}

function collect(node: Nodes, definitions: Map<string, Definition>): void {
  if (node.type === 'definition' && !definitions.has(node.identifier)) definitions.set(node.identifier, node);
  if ('children' in node) for (const child of node.children) collect(child, definitions);
}

/** Links that Telegram follows; others are shown as text. */
function isFollowed(url: string): boolean {
  return URL.canParse(url) && /^(https?|tg|mailto|tel):/i.test(url);
}

class Writer {
  readonly #definitions: ReadonlyMap<string, Definition>;
  constructor(definitions: ReadonlyMap<string, Definition>) {
    this.#definitions = definitions;
  }

  block(node: RootContent, marks: readonly Mark[]): Run[] {
    switch (node.type) {
      case 'paragraph':
        return this.#inline(node.children, marks);
      case 'heading':
        return this.#inline(node.children, [...marks, { type: 'bold' }]);
      case 'code':
        return code(node.value, marks, {
          type: 'pre',
          ...(node.lang ? { language: node.lang.slice(0, 64) } : {}),
        });
      case 'blockquote': {
        // Telegram knows no quote inside a quote.
        const isInner = marks.some(({ type }) => type === 'blockquote');
        return this.#joined(node.children, isInner ? marks : [...marks, { type: 'blockquote' }], '\n');
      }
      case 'list':
        return this.#list(node, marks, '');
      case 'table':
        return code(this.#table(node), marks, { type: 'pre' });
      case 'thematicBreak':
        return [{ text: '———', marks }];
      case 'html':
        return [{ text: node.value, marks }];
      case 'footnoteDefinition':
        return [
          { text: `[${node.label ?? node.identifier}] `, marks },
          ...this.#joined(node.children, marks, '\n'),
        ];
      case 'definition':
      case 'yaml':
        return [];
      default:
        return this.#inline([node as PhrasingContent], marks);
    }
  }

  #joined(nodes: readonly RootContent[], marks: readonly Mark[], separator: string): Run[] {
    const blocks = nodes.map((node) => this.block(node, marks)).filter((block) => lengthOf(block) > 0);
    return blocks.flatMap((block, at) => (at === 0 ? block : [{ text: separator, marks }, ...block]));
  }

  #list(list: Extract<RootContent, { type: 'list' }>, marks: readonly Mark[], indent: string): Run[] {
    const separator = list.spread ? '\n\n' : '\n';
    return list.children.flatMap((item, at) => {
      const box = item.checked === true ? '☑ ' : item.checked === false ? '☐ ' : '';
      const bullet = list.ordered ? `${(list.start ?? 1) + at}. ` : box === '' ? '• ' : '';
      const inner = `${indent}${'  '}`;
      const content = item.children.flatMap((child, position): Run[] => {
        const block = child.type === 'list' ? this.#list(child, marks, inner) : this.block(child, marks);
        return position === 0
          ? block
          : [{ text: child.type === 'list' ? '\n' : `\n${inner}`, marks }, ...block];
      });
      return [{ text: `${at === 0 ? '' : separator}${indent}${bullet}${box}`, marks }, ...content];
    });
  }

  #inline(nodes: readonly PhrasingContent[], marks: readonly Mark[]): Run[] {
    return nodes.flatMap((node): Run[] => {
      switch (node.type) {
        case 'text':
          return [{ text: node.value, marks }];
        case 'strong':
          return this.#inline(node.children, [...marks, { type: 'bold' }]);
        case 'emphasis':
          return this.#inline(node.children, [...marks, { type: 'italic' }]);
        case 'delete':
          return this.#inline(node.children, [...marks, { type: 'strikethrough' }]);
        case 'inlineCode':
          return code(node.value, marks, { type: 'code' });
        case 'break':
          return [{ text: '\n', marks }];
        case 'link':
          return this.#link(node.url, this.#inline(node.children, []), node.children, marks);
        case 'linkReference': {
          const url = this.#definitions.get(node.identifier)?.url;
          if (url === undefined) return this.#inline(node.children, marks);
          return this.#link(url, this.#inline(node.children, []), node.children, marks);
        }
        case 'image':
          return this.#link(node.url, [], [{ type: 'text', value: `🖼 ${node.alt || node.url}` }], marks);
        case 'imageReference':
          return [{ text: `🖼 ${node.alt ?? ''}`, marks }];
        case 'footnoteReference':
          return [{ text: `[${node.label ?? node.identifier}]`, marks }];
        case 'html':
          return [{ text: node.value, marks }];
        default:
          return [];
      }
    });
  }

  #link(
    url: string,
    shown: readonly Run[],
    children: readonly PhrasingContent[],
    marks: readonly Mark[],
  ): Run[] {
    if (!isFollowed(url)) {
      const text = textOf(shown);
      return [
        ...this.#inline(children, marks),
        ...(url && text !== url ? [{ text: ` (${url})`, marks }] : []),
      ];
    }
    // A bare address is found by Telegram itself.
    if (textOf(shown) === url) return [{ text: url, marks }];
    return this.#inline(children, [...marks, { type: 'text_link', url }]);
  }

  /** A table in columns of equal width. */
  #table(table: Table): string {
    const rows = table.children.map((row) =>
      row.children.map((cell) => textOf(this.#inline(cell.children, []))),
    );
    const widths = (rows[0] ?? []).map((_cell, at) => Math.max(...rows.map((row) => widthOf(row[at] ?? ''))));
    const line = (row: readonly string[]) =>
      widths
        .map((width, at) => padded(row[at] ?? '', width, table.align?.[at]))
        .join(' │ ')
        .trimEnd();
    const [head = [], ...body] = rows;
    const rule = widths.map((width) => '─'.repeat(width)).join('─┼─');
    return [line(head), rule, ...body.map(line)].join('\n');
  }
}

/** Code lies in nothing but a quote; what lay around it goes on after it. */
const code = (value: string, marks: readonly Mark[], mark: Mark): Run[] =>
  value === '' ? [] : [{ text: value, marks: [...marks.filter(({ type }) => type === 'blockquote'), mark] }];

/** Columns that a text takes in a fixed-width font: Korean, Chinese and Japanese letters take two. */
function widthOf(text: string): number {
  let width = 0;
  for (const letter of text) {
    const wide =
      /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u;
    width += wide.test(letter) ? 2 : 1;
  }
  return width;
}

function padded(text: string, width: number, align: AlignType | undefined): string {
  const room = ' '.repeat(Math.max(0, width - widthOf(text)));
  if (align === 'right') return room + text;
  if (align !== 'center') return text + room;
  const half = room.length >> 1;
  return room.slice(0, half) + text + room.slice(half);
}
