/** What a target gets of an event: all of it, a part, or a text made of parts. */
export interface TargetInput {
  readonly Input?: string;
  readonly InputPath?: string;
  readonly InputTransformer?: {
    readonly InputPathsMap?: Readonly<Record<string, string>>;
    readonly InputTemplate: string;
  };
}

/** `$.detail.taskArn` and the like; anything richer is refused. */
function at(path: string, event: unknown): unknown {
  if (!/^\$(\.[\w-]+)*$/.test(path))
    throw new Error(`the local cloud does not know the input path '${path}'`);
  return path
    .split('.')
    .slice(1)
    .reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], event);
}

/** Makes the target's payload. */
export function targetPayload(target: TargetInput, event: unknown): unknown {
  if (target.Input !== undefined) return JSON.parse(target.Input);
  if (target.InputPath !== undefined) return at(target.InputPath, event);
  if (!target.InputTransformer) return event;
  const { InputPathsMap = {}, InputTemplate } = target.InputTransformer;
  const filled = InputTemplate.replace(
    /(")?<([\w.-]+)>(")?/g,
    (_all, open = '', name: string, close = '') => {
      const path = InputPathsMap[name];
      if (path === undefined) throw new Error(`the input template names '${name}', which has no path`);
      const value = at(path, event);
      return open && close
        ? JSON.stringify(typeof value === 'string' ? value : JSON.stringify(value))
        : `${open}${JSON.stringify(value ?? null)}${close}`;
    },
  );
  return JSON.parse(filled);
}
