import type { Language } from '../language.ts';
import type { Approval, Message } from '../message.ts';
import type { Button } from './channel-ports.ts';
import { channelTexts } from './channel-text.ts';

/** What a button brings back; channels take no more than 64 bytes of it. */
export type Press =
  | { kind: 'stop'; id: string }
  | { kind: 'retry'; id: string; attempt: number }
  | { kind: 'allow' | 'deny'; id: string; approval: string };

/** A short name of a text that tells it from the next one, and no more: FNV-1a, 32 bits, and the length. */
export function fingerprint(text: string): string {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193) >>> 0;
  return `${hash.toString(36)}-${text.length.toString(36)}`;
}

/** Reads what a button brought back; null for anything else. */
export function parsePress(data: string): Press | null {
  const [kind, id = '', rest = ''] = data.split(':');
  if (!/^[0-9a-f-]{36}$/.test(id)) return null;
  if (kind === 'stop') return { kind, id };
  if (kind === 'retry' && /^\d{1,9}$/.test(rest)) return { kind, id, attempt: Number(rest) };
  if ((kind === 'allow' || kind === 'deny') && rest) return { kind, id, approval: rest };
  return null;
}

export const stopButton = (language: Language, id: string): Button => ({
  kind: 'stop',
  label: channelTexts[language].buttons.stop,
  data: `stop:${id}`,
});
export const retryButton = (
  language: Language,
  { id, attempt }: Pick<Message, 'id' | 'attempt'>,
): Button => ({
  kind: 'retry',
  label: channelTexts[language].buttons.retry,
  data: `retry:${id}:${attempt}`,
});
export const approvalButtons = (language: Language, id: string, approval: Approval): readonly Button[] =>
  (['allow', 'deny'] as const).map((kind) => ({
    kind,
    label: channelTexts[language].buttons[kind],
    data: `${kind}:${id}:${fingerprint(approval.id)}`,
  }));

/** A draft's number: not zero, 31 bits, the same for the same message and attempt. */
export const draftNumber = (id: string, attempt: number): number =>
  Number.parseInt(id.replaceAll('-', '').slice(-7), 16) ^ attempt || 1;
