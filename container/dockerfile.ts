export interface Dockerfile {
  readonly workdir: string;
  readonly env: Readonly<Record<string, string>>;
  readonly entrypoint: readonly string[];
}

/**
 * Reads what a process needs from a Dockerfile's last stage: WORKDIR, ENV (the `NAME=value` form) and ENTRYPOINT
 * (the exec form). Throws for other forms of these three rather than guess.
 */
export function parseDockerfile(text: string): Dockerfile {
  let workdir = '/';
  let env: Record<string, string> = {};
  let entrypoint: string[] | undefined;
  for (const line of text.replace(/\\\r?\n/g, ' ').split('\n')) {
    const [, instruction, rest = ''] = /^\s*([A-Z]+)\s+(.*?)\s*$/.exec(line) ?? [];
    if (instruction === 'FROM') {
      workdir = '/';
      env = {};
      entrypoint = undefined;
    } else if (instruction === 'WORKDIR') {
      workdir = rest;
    } else if (instruction === 'ENV') {
      const [, name, value] = /^([A-Za-z_]\w*)=(\S*)$/.exec(rest) ?? [];
      if (name === undefined || value === undefined)
        throw new Error(`Dockerfile: write ENV as one NAME=value, not: ${rest}`);
      env[name] = value;
    } else if (instruction === 'ENTRYPOINT') {
      if (!rest.startsWith('[')) throw new Error('Dockerfile: ENTRYPOINT must be in exec form');
      entrypoint = JSON.parse(rest) as string[];
    }
  }
  if (!entrypoint?.length) throw new Error('Dockerfile: no ENTRYPOINT');
  return { workdir, env, entrypoint };
}
