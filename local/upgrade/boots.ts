/** One boot of OpenClaw alone. */
export interface Boot {
  /** From the start of its process to a connection, milliseconds. */
  readonly ms: number;
  /** Highest memory up to then, megabytes. */
  readonly megabytes: number;
}

/** A version may take this much more than the one before it. */
const tolerated = 1.25;

/** The middle one of several, each figure by itself. */
export function typical(boots: readonly Boot[]): Boot {
  const middle = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
  return {
    ms: middle(boots.map(({ ms }) => ms)),
    megabytes: middle(boots.map(({ megabytes }) => megabytes)),
  };
}

/** Both versions in lines for people, and what has grown too much. */
export function compareBoots(before: Boot, after: Boot): { lines: string[]; grown: string[] } {
  const figures = [
    { name: 'boot', unit: 's', from: before.ms / 1000, to: after.ms / 1000, digits: 1 },
    { name: 'memory', unit: 'MB', from: before.megabytes, to: after.megabytes, digits: 0 },
  ];
  const described = figures.map(({ name, unit, from, to, digits }) => {
    const change = Math.round((to / from - 1) * 100);
    const line = `${name}: ${from.toFixed(digits)} → ${to.toFixed(digits)} ${unit} (${change >= 0 ? '+' : ''}${change} %)`;
    return { line, isGrown: to > from * tolerated };
  });
  return {
    lines: described.map(({ line }) => line),
    grown: described.filter(({ isGrown }) => isGrown).map(({ line }) => line),
  };
}
