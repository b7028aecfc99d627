import { readFileSync, writeFileSync } from 'node:fs';

/** The generated part of a page between `<!-- measured: NAME -->` and `<!-- /measured -->`; the prose around it stays. */
const place = (name: string) => new RegExp(`(<!-- measured: ${name} -->\n)[\\s\\S]*?(<!-- /measured -->)`);

/** Puts a text into its place on a page. Throws when the page has none of that name. */
export function fillIn(page: string, name: string, text: string): string {
  if (!place(name).test(page))
    throw new Error(`The page has no place for “${name}”: <!-- measured: ${name} -->`);
  return page.replace(place(name), (_, begin: string, end: string) => `${begin}\n${text.trim()}\n\n${end}`);
}

/** Writes the parts of a page that were measured; the others keep what an earlier run found. */
export function writePage(file: string, parts: Readonly<Record<string, string>>): void {
  const page = Object.entries(parts).reduce(
    (text, [name, part]) => fillIn(text, name, part),
    readFileSync(file, 'utf8'),
  );
  writeFileSync(file, page);
}
