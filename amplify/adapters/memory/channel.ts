import { type Button, type Channel, ChannelFault, type Part } from '../../core/channel/channel-ports.ts';
import { type Place, placeKey } from '../../core/channel/place.ts';

interface MemoryMessage {
  readonly ref: string;
  readonly place: string;
  text: string;
  buttons: readonly Button[];
}

/** UTF-16 units that a message takes. */
const maxLength = 500;
const everyMs = 100;

/** A channel in memory, of plain text: what people see of it lies in `messages` and `drafts`, what they sent in `files`. */
export function memoryChannel(name: string) {
  const messages: MemoryMessage[] = [];
  const drafts = new Map<string, string>();
  const faults: ChannelFault[] = [];
  const files = new Map<string, Uint8Array>();
  const plain = (markdown: string) => markdown.replace(/[*_~`#>|]/g, '').trim();
  const find = (place: Place, ref: string) =>
    messages.find((each) => each.ref === ref && each.place === placeKey(place));
  let lastRef = 0;
  const say = (place: Place, text: string, buttons: readonly Button[] = []): string => {
    const fault = faults.shift();
    if (fault) throw fault;
    if (text === '' || text.length > maxLength) throw new ChannelFault('refused', `${text.length} units`);
    lastRef += 1;
    messages.push({ ref: String(lastRef), place: placeKey(place), text, buttons });
    drafts.delete(placeKey(place));
    return String(lastRef);
  };
  const change = (place: Place, ref: string, text: string, buttons?: readonly Button[]): boolean => {
    const found = find(place, ref);
    if (found) Object.assign(found, { text, ...(buttons && { buttons }) });
    return found !== undefined;
  };
  const shortened = (markdown: string) => plain(markdown).slice(-maxLength);
  const channel: Channel = {
    name,
    pace: () => ({ everyMs, typingMs: 4_000, draftMs: 10_000 }),
    hasDrafts: (place) => place.isPrivate,
    typing: async () => {},
    draft: async (place, _id, markdown) => void drafts.set(placeKey(place), shortened(markdown)),
    post: async (place, markdown, buttons) => say(place, shortened(markdown), buttons),
    edit: async (place, ref, markdown, buttons) => void change(place, ref, shortened(markdown), buttons),
    remove: async (place, ref) => {
      const found = find(place, ref);
      if (found) messages.splice(messages.indexOf(found), 1);
    },
    split: (markdown): Part[] => {
      // Between words; a word that is longer than a message is cut.
      const pieces = plain(markdown).match(/\S[\s\S]{0,498}(?!\S)|\S{1,500}/g) ?? [];
      return pieces.map((content) => ({ content }));
    },
    sendPart: async (place, part, { buttons }) => say(place, String(part.content), buttons),
    groupFiles: (all) => all.map((file) => [file]),
    sendFiles: async (place, all) => all.map((file) => say(place, `📄 ${file.name}`)),
    fetchFile: async (ref, maxBytes) => {
      const bytes = files.get(ref);
      if (!bytes || bytes.length > maxBytes) throw new ChannelFault('refused', 'no such file');
      return bytes;
    },
    editToPart: async (place, ref, part, buttons) => change(place, ref, String(part.content), buttons),
  };
  return { channel, messages, drafts, faults, files };
}
