import { createHash, randomUUID } from 'node:crypto';
import { basename, relative, resolve, sep } from 'node:path';
import {
  type Attachment,
  cleanName,
  isPicture,
  type MissedReason,
  maxAttachments,
} from '../../../amplify/core/attachment.ts';
import type { Presigned } from '../../../amplify/core/presigned.ts';
import type { Backend, MessageKey, PulledMessage } from '../appsync/backend.ts';
import { describeError, type Log } from '../log.ts';
import type { Recording } from '../voice/transcribe.ts';
import { typeOfName } from './file-type.ts';
import { FileTooLarge, type WorkspaceFiles } from './workspace-files.ts';

/** OpenClaw takes no larger picture in `chat.send` (its MAX_IMAGE_BYTES). */
const maxPictureSize = 6 * 1024 * 1024;
/** All pictures of one message: its WebSocket takes some 24 MB a frame, and base64 adds a third. */
const maxPicturesSize = 16 * 1024 * 1024;
/** For one file's way through the network, milliseconds. */
const patience = 60_000;

/** A picture as `chat.send` takes it. */
export interface Picture {
  readonly type: 'image';
  readonly mimeType: string;
  readonly fileName: string;
  /** Base64. */
  readonly content: string;
}

/** The files of a turn, both ways. Neither way ever fails a turn: what is missing is said. */
export interface TurnFiles {
  /** Brings a message's files into the workspace. Gives what OpenClaw is told, the pictures that it sees, and what was spoken. */
  handIn(message: PulledMessage): Promise<{ text: string; pictures: Picture[]; recordings: Recording[] }>;
  /** Uploads what the agent hands over, by the paths that it named. Gives what arrived, and names what did not. */
  handOut(key: MessageKey, paths: readonly string[]): Promise<Attachment[]>;
}

export function turnFiles(ports: {
  backend: Pick<Backend, 'downloadFiles' | 'uploadFile'>;
  workspace: WorkspaceFiles;
  /** Where the workspace lies: models name files in it by their whole path, too. */
  root: string;
  log: Log;
}): TurnFiles {
  const { backend, workspace, root, log } = ports;
  const fault = (event: string, id: string, error: unknown) =>
    log('warn', event, { messageId: id, error: describeError(error) });

  const fetchFile = async (file: Attachment, from: Presigned | undefined): Promise<Buffer> => {
    if (!from) throw new Error('no longer there');
    const response = await fetch(from.url, {
      headers: from.headers,
      signal: AbortSignal.timeout(patience),
    });
    if (!response.ok) throw new Error(`storage says ${response.status}`);
    const bytes = Buffer.from(await response.arrayBuffer());
    if (bytes.length !== file.size) throw new Error(`${bytes.length} bytes instead of ${file.size}`);
    return bytes;
  };

  const handIn: TurnFiles['handIn'] = async (message) => {
    const { attachments, text, id } = message;
    if (attachments.length === 0) return { text, pictures: [], recordings: [] };
    const places = await backend.downloadFiles(message).catch((error: unknown) => {
      fault('files.not_told', id, error);
      return [];
    });
    const pictures: Picture[] = [];
    const recordings: Recording[] = [];
    const lines: string[] = [];
    let room = maxPicturesSize;
    const names = uniqueNames(attachments);
    for (const [index, file] of attachments.entries()) {
      const name = names[index] ?? file.id;
      const path = `inbox/${id}/${name}`;
      try {
        const bytes = await fetchFile(file, places.find((place) => place.id === file.id)?.download);
        await workspace.put(path, bytes);
        lines.push(`- ${path} (${file.type}, ${file.size} bytes)`);
        if (file.voice) recordings.push({ name, type: file.type, bytes });
        if (!isPicture(file.type) || bytes.length > Math.min(maxPictureSize, room)) continue;
        room -= bytes.length;
        const content = bytes.toString('base64');
        pictures.push({ type: 'image', mimeType: file.type, fileName: name, content });
      } catch (error) {
        fault('file.not_handed_in', id, error);
        lines.push(`- ${name}: could not be read (${file.deletedAt ? 'it was deleted' : 'it is missing'})`);
      }
    }
    const told = `${text}\n\n[Attached files, in the workspace]\n${lines.join('\n')}`.trim();
    return { text: told, pictures, recordings };
  };

  const upload = async (key: MessageKey, path: string): Promise<Attachment> => {
    const bytes = await workspace.get(path);
    const name = cleanName(basename(path));
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const given = { name, type: typeOfName(name), size: bytes.length, sha256 };
    const { file, upload } = await backend.uploadFile(key, given);
    const { 'content-length': _, ...headers } = upload.headers;
    const signal = AbortSignal.timeout(patience);
    const response = await fetch(upload.url, { method: 'PUT', headers, body: new Uint8Array(bytes), signal });
    if (!response.ok) throw new Error(`storage says ${response.status}`);
    return file;
  };

  return {
    handIn,
    handOut: async (key, paths) => {
      const inside = [
        ...new Set(paths.map((path) => relative(root, resolve(root, path.replace(/^file:\/\//, ''))))),
      ];
      const files: Attachment[] = [];
      for (const path of inside.filter((each) => each !== '' && each.split(sep)[0] !== '..')) {
        if (files.length >= maxAttachments) {
          files.push(missed(path, 'too_many'));
          continue;
        }
        try {
          files.push(await upload(key, path));
        } catch (error) {
          fault('file.not_handed_out', key.id, error);
          files.push(missed(path, error instanceof FileTooLarge ? 'too_large' : 'failed'));
        }
      }
      return files;
    },
  };
}

/** What people are told of a file that the agent named and nobody gets. */
const missed = (path: string, reason: MissedReason): Attachment => {
  const name = cleanName(basename(path));
  return { id: randomUUID(), name, type: typeOfName(name), size: 0, missed: reason };
};

/** Names in one folder: of two that are the same, the later one gets a number. */
function uniqueNames(files: readonly Attachment[]): string[] {
  const taken = new Set<string>();
  return files.map(({ name }) => {
    const clean = cleanName(name);
    let free = clean;
    for (let n = 2; taken.has(free.toLowerCase()); n++) free = clean.replace(/(\.[^.]*)?$/, `-${n}$1`);
    taken.add(free.toLowerCase());
    return free;
  });
}
