// Messages as they look.
import { formatted } from './formatted.js';

export function button(label, onClick) {
  const made = document.createElement('button');
  made.type = 'button';
  made.textContent = label;
  made.addEventListener('click', onClick);
  return made;
}

export function bubble(className, ...content) {
  const item = document.createElement('li');
  if (className) item.className = className;
  const made = document.createElement('div');
  made.className = 'bubble';
  made.append(...content);
  item.append(made);
  return item;
}

function sizeText(bytes, language) {
  const [unit, count] = bytes < 1e6 ? ['kilobyte', Math.max(0.1, bytes / 1e3)] : ['megabyte', bytes / 1e6];
  return new Intl.NumberFormat(language, { style: 'unit', unit, maximumFractionDigits: 1 }).format(count);
}

function element(tag, properties) {
  return Object.assign(document.createElement(tag), properties);
}

function shownFile({ id, kind, name, size, width, height }, language) {
  const src = `/chat/file/${id}`;
  if (kind === 'photo') {
    const link = element('a', { href: src, target: '_blank', rel: 'noopener', className: 'photo' });
    link.append(element('img', { src, alt: name, width, height }));
    return link;
  }
  if (kind === 'voice' || kind === 'audio') {
    const sound = element('audio', { src, controls: true, preload: 'metadata' });
    sound.setAttribute('aria-label', name);
    return sound;
  }
  const file = document.createElement('div');
  file.append(
    element('a', { href: src, download: name, textContent: name }),
    element('small', { textContent: sizeText(size, language) }),
  );
  return file;
}

/** A message; `press` is told which of its buttons was pressed. */
export function messageBubble(message, language, press) {
  const content = [];
  if (message.file) content.push(shownFile(message.file, language));
  if (message.text) {
    const text = document.createElement('div');
    text.append(formatted(message.text, message.entities));
    content.push(text);
  }
  const item = bubble(message.isOwn ? 'own' : '', ...content);
  if (message.buttons.length > 0) {
    const row = element('div', { className: 'buttons' });
    for (const label of message.buttons) row.append(button(label, () => press(message.id, label)));
    item.append(row);
  }
  return item;
}

/** Puts items into a list and leaves those alone that are there already: what plays goes on playing. */
export function showItems(list, items) {
  for (const item of [...list.children]) if (!items.includes(item)) item.remove();
  for (const [at, item] of items.entries())
    if (list.children[at] !== item) list.insertBefore(item, list.children[at] ?? null);
}
