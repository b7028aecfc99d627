/** A pattern whose `*` and `?` are told apart from the same characters that came out of a policy variable. */
export type Pattern = readonly (string | typeof anyText | typeof anyCharacter)[];

export const anyText = Symbol('*');
export const anyCharacter = Symbol('?');

/** Values of condition keys by lower-case name. Several values cannot stand in a variable. */
export type VariableLookup = (key: string) => string | undefined;

const variable = /\$\{([^}]*)\}/g;

/**
 * Compiles a policy text with `*`, `?` and policy variables (`${aws:userid}`, `${key, 'default'}`, `${*}`).
 * Gives undefined when a variable has no value: what holds it then matches nothing.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */
export function compilePattern(text: string, lookup: VariableLookup): Pattern | undefined {
  const pattern: (string | typeof anyText | typeof anyCharacter)[] = [];
  let from = 0;
  for (const match of text.matchAll(variable)) {
    pattern.push(...wildcards(text.slice(from, match.index)));
    const value = valueOfVariable(match[1] ?? '', lookup);
    if (value === undefined) return undefined;
    pattern.push(...value);
    from = match.index + match[0].length;
  }
  pattern.push(...wildcards(text.slice(from)));
  return pattern;
}

/** The same without wildcards: only variables are replaced. */
export function fillVariables(text: string, lookup: VariableLookup): string | undefined {
  let missing = false;
  const filled = text.replace(variable, (_all, name: string) => {
    const value = valueOfVariable(name, lookup);
    if (value === undefined) missing = true;
    return value ?? '';
  });
  return missing ? undefined : filled;
}

/** Does the text match? Linear in memory and without backtracking over more than the last `*`. */
export function matches(pattern: Pattern, text: string): boolean {
  const characters = [...text];
  let at = 0;
  let star = -1;
  let starAt = 0;
  for (let i = 0; i < characters.length; ) {
    const expected = pattern[at];
    if (expected === anyText) {
      star = at;
      starAt = i;
      at += 1;
    } else if (expected !== undefined && (expected === anyCharacter || expected === characters[i])) {
      at += 1;
      i += 1;
    } else if (star >= 0) {
      at = star + 1;
      starAt += 1;
      i = starAt;
    } else {
      return false;
    }
  }
  while (pattern[at] === anyText) at += 1;
  return at === pattern.length;
}

function wildcards(text: string): Pattern {
  return [...text].map((character) =>
    character === '*' ? anyText : character === '?' ? anyCharacter : character,
  );
}

function valueOfVariable(name: string, lookup: VariableLookup): string | undefined {
  if (name === '*' || name === '?' || name === '$') return name;
  const [key = '', fallback] = name.split(/\s*,\s*/, 2);
  return lookup(key.trim().toLowerCase()) ?? /^'(.*)'$/.exec(fallback ?? '')?.[1];
}
