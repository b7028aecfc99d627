import type { IncomingMessage } from 'node:http';
import type { Upload } from './method.ts';
import { Refusal } from './refusal.ts';

/** Larger requests are refused, bytes: more than the largest file that a bot may send. */
const maxBytes = 60 * 1024 * 1024;

/** Throws the Refusal 413 for a body that is too large. */
export async function readBody(request: IncomingMessage): Promise<Buffer<ArrayBuffer>> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += (chunk as Buffer).length;
    if (size > maxBytes) throw new Refusal(413, 'Request Entity Too Large');
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}

/** Throws for a body that is no form. */
export const formOf = (request: IncomingMessage, body: Buffer<ArrayBuffer>): Promise<FormData> =>
  new Response(body, { headers: { 'content-type': request.headers['content-type'] ?? '' } }).formData();

/** Reads JSON or a form; a form's fields that are JSON are parsed, as Telegram does. */
export async function readInput(
  request: IncomingMessage,
): Promise<{ input: Record<string, unknown>; uploads: Map<string, Upload> }> {
  const body = await readBody(request);
  const uploads = new Map<string, Upload>();
  if (body.length === 0) return { input: {}, uploads };
  if (request.headers['content-type']?.startsWith('application/json'))
    return { input: JSON.parse(body.toString()), uploads };
  const input: Record<string, unknown> = {};
  for (const [name, value] of await formOf(request, body)) {
    if (typeof value === 'string') input[name] = parsed(value);
    else uploads.set(name, await uploadOf(value));
  }
  return { input, uploads };
}

export const uploadOf = async (file: File): Promise<Upload> => ({
  name: file.name,
  type: file.type,
  bytes: new Uint8Array(await file.arrayBuffer()),
});

function parsed(text: string): unknown {
  if (!/^([{[]|-?\d+$|true$|false$)/.test(text)) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
