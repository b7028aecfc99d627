import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { mathFromMarkdown } from 'mdast-util-math';
import { toHast } from 'mdast-util-to-hast';
import { cjkFriendlyExtension } from 'micromark-extension-cjk-friendly';
import { gfm } from 'micromark-extension-gfm';
import { math } from 'micromark-extension-math';
import { headingsBelow } from './headings-below.ts';
import { unifyMathMarks } from './math-marks.ts';

/** A node of the tree that is drawn: an element or a text. */
export interface Element {
  type: 'element';
  tagName: string;
  properties: Record<string, unknown>;
  children: Node[];
}
export type Node = Element | { type: 'text'; value: string } | { type: string };

export const isElement = (node: Node | undefined): node is Element => node?.type === 'element';

/** The text in a node. */
export function textOf(node: Node | undefined): string {
  if (!node) return '';
  if ('value' in node) return node.value;
  return isElement(node) ? node.children.map(textOf).join('') : '';
}

/** Answers stand below a heading of level 3. */
const moveHeadings = headingsBelow(3);

/**
 * Reads the Markdown that answers are written in: GFM (tables, task lists, bare links), math, and emphasis that ends
 * beside a Korean particle. HTML in it is left out.
 */
export function markdownTree(text: string): Node[] {
  const tree = fromMarkdown(unifyMathMarks(text), {
    extensions: [gfm(), cjkFriendlyExtension(), math({ singleDollarTextMath: false })],
    mdastExtensions: [gfmFromMarkdown(), mathFromMarkdown()],
  });
  moveHeadings(tree);
  const root = toHast(tree) as { children?: Node[] };
  return root.children ?? [];
}
