import './markdown.css';
import { createElement, Fragment, memo } from 'react';
import remend from 'remend';
import { markdownBlocks } from './markdown-blocks.ts';
import { drawNodes } from './markdown-elements.tsx';
import { markdownTree } from './markdown-tree.ts';

const Block = memo(function Block({ text }: { text: string }) {
  return createElement(Fragment, null, ...drawNodes(markdownTree(text)));
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
