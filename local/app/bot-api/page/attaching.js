// Files that are chosen and not sent yet, and what an app does with them before.
import { button } from './bubbles.js';
import { texts } from './texts.js';

/** Apps send photos as JPEG, no larger than this on either side. */
const maxSide = 2560;

/** What is chosen: each with the way in which it goes, `photo` or `document`. */
let chosen = [];

export const hasChosen = () => chosen.length > 0;

/** Takes what is chosen away, to be sent. */
export function takeChosen() {
  const taken = chosen;
  chosen = [];
  return taken;
}

/** Chooses more. Gives what people are told of those that don't go in this way. */
export async function choose(way, files, language) {
  const faults = [];
  for (const file of files) {
    const sent = way === 'photo' ? await asPhoto(file) : file;
    if (sent) chosen.push({ way, file: sent });
    else faults.push(texts[language].unreadable(file.name));
  }
  return faults.join(' ');
}

/** As apps do: a JPEG of a moderate size; undefined for what this browser can't open as a picture. */
async function asPhoto(file) {
  try {
    const picture = await createImageBitmap(file);
    const scale = Math.min(1, maxSide / Math.max(picture.width, picture.height));
    const canvas = document.createElement('canvas');
    canvas.width = Math.max(1, Math.round(picture.width * scale));
    canvas.height = Math.max(1, Math.round(picture.height * scale));
    const drawing = canvas.getContext('2d');
    drawing.fillStyle = '#fff';
    drawing.fillRect(0, 0, canvas.width, canvas.height);
    drawing.drawImage(picture, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((resolve) => canvas.toBlob(resolve, 'image/jpeg', 0.87));
    return blob && new File([blob], file.name.replace(/(\.\w+)?$/, '.jpg'), { type: 'image/jpeg' });
  } catch {
    return undefined;
  }
}

/** Sends files with a caption. Gives what people are told when it did not work. */
export async function sendFiles(items, text, language) {
  const form = new FormData();
  form.set('language', language);
  form.set('text', text);
  for (const { way, file } of items) form.append(way, file);
  const say = texts[language];
  try {
    const response = await fetch('/chat/send-files', { method: 'POST', body: form });
    if (response.ok) return '';
    if (response.status === 413) return say.tooLarge;
    const why = await response.text();
    if (why.includes('caption')) return say.longCaption;
    return why.includes('voice') ? say.noVoice(items[0].file.name) : say.failed;
  } catch {
    return say.failed;
  }
}

/** The chosen files as a list; each can be taken away again. */
export function showChosen(list, language, changed) {
  list.hidden = chosen.length === 0;
  list.setAttribute('aria-label', texts[language].chosen);
  list.replaceChildren(
    ...chosen.map((item) => {
      const line = document.createElement('li');
      const name = document.createElement('span');
      name.textContent = `${texts[language][item.way]}: ${item.file.name}`;
      const remove = button('✕', () => {
        chosen = chosen.filter((each) => each !== item);
        changed();
      });
      remove.setAttribute('aria-label', texts[language].remove(item.file.name));
      line.append(name, remove);
      return line;
    }),
  );
}
