import { AwsError } from '../service.ts';

const escapes: Readonly<Record<string, string>> = { '<': '&lt;', '>': '&gt;', '&': '&amp;', '"': '&quot;' };
// A control character has no place in XML 1.0 but as a reference, and a carriage return would be lost.
const escaped = (value: unknown) =>
  String(value)
    .replace(/[<>&"]/g, (sign) => escapes[sign] ?? sign)
    .replace(/[^\P{Cc}\t\n]/gu, (sign) => `&#x${sign.charCodeAt(0).toString(16)};`);

/** Writes an object as elements; a list repeats its element, undefined has none. */
export function xml(root: string, content: Readonly<Record<string, unknown>>): string {
  const element = (name: string, value: unknown): string => {
    if (value === undefined) return '';
    if (Array.isArray(value)) return value.map((each) => element(name, each)).join('');
    if (value && typeof value === 'object') {
      return `<${name}>${Object.entries(value)
        .map(([key, inner]) => element(key, inner))
        .join('')}</${name}>`;
    }
    return `<${name}>${escaped(value)}</${name}>`;
  };
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element(root, content)}`;
}

/** An element that was read: its text where it has no elements in it. */
export interface Element {
  readonly name: string;
  readonly text: string;
  readonly children: readonly Element[];
}

const malformed = () =>
  new AwsError(
    'MalformedXML',
    'The XML you provided was not well-formed or did not validate against our published schema',
  );

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

function unescaped(text: string): string {
  return text.replace(/&(#x[0-9a-fA-F]+|#\d+|\w+);/g, (_, name: string) => {
    const code = name.startsWith('#x') ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
    const value = name.startsWith('#') && code <= 0x10ffff ? String.fromCodePoint(code) : entities[name];
    if (value === undefined) throw malformed();
    return value;
  });
}

/** Reads what requests hold: elements with text; no DOCTYPE, no CDATA. Throws MalformedXML. */
export function readXml(source: string): Element {
  type Open = { name: string; text: string; children: Element[] };
  const root: Open = { name: '', text: '', children: [] };
  const open: Open[] = [root];
  const token = /<\?[^>]*\?>|<(\/?)([\w:.-]+)[^<>]*?(\/?)>|([^<]+)|(<)/g;
  for (const [, closing, name, empty, text, stray] of source.matchAll(token)) {
    const current = open.at(-1) ?? root;
    if (stray) throw malformed();
    if (text !== undefined) current.text += unescaped(text);
    else if (closing) {
      if (open.length === 1 || current.name !== name) throw malformed();
      open.pop();
    } else if (name !== undefined) {
      const child: Open = { name, text: '', children: [] };
      current.children.push(child);
      if (!empty) open.push(child);
    }
  }
  const [only, ...others] = root.children;
  if (open.length > 1 || !only || others.length || root.text.trim()) throw malformed();
  return only;
}

/** Text of the first child of that name. */
export function textOf(element: Element, name: string): string | undefined {
  return element.children.find((child) => child.name === name)?.text;
}
