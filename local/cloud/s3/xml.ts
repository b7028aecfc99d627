const escapes: Record<string, string> = { '<': '&lt;', '>': '&gt;', '&': '&amp;', '"': '&quot;' };
const text = (value: unknown) => String(value).replace(/[<>&"]/g, (sign) => escapes[sign] ?? sign);

/** Writes an object as elements; a list repeats its element. */
export function xml(root: string, content: Record<string, unknown>): string {
  const element = (name: string, value: unknown): string => {
    if (value === undefined) return '';
    if (Array.isArray(value)) return value.map((each) => element(name, each)).join('');
    if (value && typeof value === 'object') {
      return `<${name}>${Object.entries(value)
        .map(([key, inner]) => element(key, inner))
        .join('')}</${name}>`;
    }
    return `<${name}>${text(value)}</${name}>`;
  };
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element(root, content)}`;
}
