/** What we know of a Markdown tree here. */
interface Node {
  type: string;
  depth?: number;
  children?: Node[];
}

function headingsIn(node: Node, found: Node[] = []): Node[] {
  if (node.type === 'heading') found.push(node);
  for (const child of node.children ?? []) headingsIn(child, found);
  return found;
}

/**
 * Gives a change of a Markdown tree that moves a text's headings below the one that it stands under (`level`), without steps left out,
 * so that the page's outline stays whole.
 */
export function headingsBelow(level: number) {
  return (tree: unknown): void => {
    const headings = headingsIn(tree as Node);
    const open: number[] = [];
    for (const heading of headings) {
      const depth = heading.depth ?? 1;
      while ((open.at(-1) ?? 0) >= depth) open.pop();
      open.push(depth);
      heading.depth = Math.min(6, level + open.length);
    }
  };
}
