/** What a check found. `missing` is what keeps a deployment from working; `unknown` could not be looked at. */
export interface Finding {
  readonly state: 'ok' | 'note' | 'missing' | 'unknown';
  readonly says: string;
  /** What to do about it. */
  readonly todo?: string;
}

const signs: Readonly<Record<Finding['state'], string>> = { ok: '✓', note: '•', missing: '✗', unknown: '?' };

export const lineOf = ({ state, says, todo }: Finding): string =>
  `  ${signs[state]} ${says}${todo === undefined ? '' : `\n      → ${todo}`}`;

export const ok = (says: string): Finding => ({ state: 'ok', says });
export const note = (says: string, todo?: string): Finding => finding('note', says, todo);
export const missing = (says: string, todo: string): Finding => finding('missing', says, todo);
export const unknown = (says: string, todo?: string): Finding => finding('unknown', says, todo);

function finding(state: Finding['state'], says: string, todo: string | undefined): Finding {
  return todo === undefined ? { state, says } : { state, says, todo };
}
