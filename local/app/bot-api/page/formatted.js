// A message's text as Telegram shows it.
const tags = {
  bold: 'strong',
  italic: 'em',
  strikethrough: 's',
  blockquote: 'blockquote',
  code: 'code',
  pre: 'pre',
  text_link: 'a',
};

/** A text with its entities as elements; entities lie inside each other or apart. */
export function formatted(text, entities, from = 0, to = text.length) {
  const parts = document.createDocumentFragment();
  const inside = entities.filter((each) => each.offset >= from && each.offset + each.length <= to);
  const outermost = inside.filter(
    (each, at) =>
      !inside.some(
        (other, place) =>
          other !== each &&
          other.offset <= each.offset &&
          other.offset + other.length >= each.offset + each.length &&
          (other.length > each.length || place < at),
      ),
  );
  let at = from;
  for (const each of outermost.sort((a, b) => a.offset - b.offset)) {
    parts.append(text.slice(at, each.offset));
    const made = document.createElement(tags[each.type] ?? 'span');
    if (each.type === 'text_link' && /^https?:/.test(each.url)) {
      made.href = each.url;
      made.rel = 'noopener noreferrer';
      made.target = '_blank';
    }
    const rest = inside.filter((other) => other !== each);
    at = each.offset + each.length;
    made.append(formatted(text, rest, each.offset, at));
    parts.append(made);
  }
  parts.append(text.slice(at, to));
  return parts;
}
