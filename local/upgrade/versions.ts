/** The protocol's package that goes with an OpenClaw: the newest that is not newer than it. Throws when there is none. */
export function protocolFor(openclaw: string, published: readonly string[]): string {
  const fitting = published
    .filter((version) => isRelease(version) && compare(version, openclaw) <= 0)
    .toSorted(compare);
  const newest = fitting.at(-1);
  if (newest === undefined) throw new Error(`@openclaw/gateway-protocol has no version up to ${openclaw}`);
  return newest;
}

const isRelease = (version: string) => /^\d+\.\d+\.\d+$/.test(version);

function compare(a: string, b: string): number {
  const [left, right] = [a, b].map((version) => version.split(/[.-]/).map(Number));
  for (const index of [0, 1, 2]) {
    const difference = (left?.[index] ?? 0) - (right?.[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
