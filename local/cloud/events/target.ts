/** What a target gets of an event: all of it, a part, or a text made of parts. */
export interface TargetInput {
  readonly Input?: string;
  readonly InputPath?: string;
  readonly InputTransformer?: {
    readonly InputPathsMap?: Readonly<Record<string, string>>;
    readonly InputTemplate: string;
  };
}

/** What AWS itself puts into templates, e.g. `aws.events.rule-arn`. */
export type ReservedVariables = Readonly<Record<string, unknown>>;

/**
 * Prepares a target's payload. Throws at once for a path or a variable that is not known, so that a rule that
 * cannot work is refused when the cloud starts.
 */
export function compileTarget(
  target: TargetInput,
  reserved: readonly string[] = [],
): (event: unknown, variables?: ReservedVariables) => unknown {
  if (target.Input !== undefined) {
    const input: unknown = JSON.parse(target.Input);
    return () => input;
  }
  if (target.InputPath !== undefined) return compilePath(target.InputPath);
  if (target.InputTransformer === undefined) return (event) => event;
  const { InputPathsMap = {}, InputTemplate } = target.InputTransformer;
  const paths = new Map(Object.entries(InputPathsMap).map(([name, path]) => [name, compilePath(path)]));
  const pieces = piecesOf(InputTemplate);
  for (const piece of pieces) {
    if (piece.variable !== undefined && !paths.has(piece.variable) && !reserved.includes(piece.variable)) {
      throw new Error(`the input template names '${piece.variable}', which has no path`);
    }
  }
  return (event, variables = {}) => {
    const text = pieces.map(({ text: literal, variable, quoted }) => {
      if (variable === undefined) return literal;
      const value = paths.has(variable) ? paths.get(variable)?.(event) : variables[variable];
      if (!quoted) return JSON.stringify(value ?? null);
      const inside = typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value);
      return JSON.stringify(inside).slice(1, -1);
    });
    return JSON.parse(text.join(''));
  };
}

interface Piece {
  readonly text: string;
  readonly variable: string | undefined;
  /** Does it stand inside a JSON string? There a text is put in without quotes of its own. */
  readonly quoted: boolean;
}

function piecesOf(template: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let quoted = false;
  let from = 0;
  for (const match of template.matchAll(/\\.|"|<([\w.-]+)>/g)) {
    if (match[0] === '"') quoted = !quoted;
    if (match[1] === undefined) continue;
    pieces.push({ text: template.slice(from, match.index), variable: undefined, quoted });
    pieces.push({ text: match[0], variable: match[1], quoted });
    from = match.index + match[0].length;
  }
  return [...pieces, { text: template.slice(from), variable: undefined, quoted }];
}

/** `$.detail.taskArn`, `$.resources[0]`; anything richer is refused. */
function compilePath(path: string): (event: unknown) => unknown {
  if (!/^\$(\.[\w-]+|\[\d+\])*$/.test(path))
    throw new Error(`the local cloud does not know the input path '${path}'`);
  const keys = path.match(/[\w-]+/g) ?? [];
  return (event) =>
    keys.reduce<unknown>((value, key) => (value as Record<string, unknown> | null | undefined)?.[key], event);
}
