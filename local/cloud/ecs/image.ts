import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A container image laid out on this machine: no Docker, the same command. */
export interface Image {
  /** What an override of the command does not replace. */
  readonly entrypoint?: readonly string[];
  readonly command: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

/** How a host lays out an image from its build context. */
export type ImageFor = (contextDirectory: string) => Promise<Image>;

/**
 * Reads ENTRYPOINT, CMD and ENV of a Dockerfile's last stage and runs them inside the build context itself:
 * right for an image that only copies its context. Throws when the file is missing or uses the shell form.
 */
export async function imageFromDockerfile(contextDirectory: string): Promise<Image> {
  const file = join(contextDirectory, 'Dockerfile');
  if (!existsSync(file)) throw new Error(`no Dockerfile in the image's build context ${contextDirectory}`);
  const lines = readFileSync(file, 'utf8').replaceAll('\\\n', ' ').split('\n');
  const instructions = lines.flatMap((line) => {
    const [, word = '', rest = ''] = /^\s*([A-Za-z]+)\s+(.*)$/.exec(line) ?? [];
    return word ? [{ word: word.toUpperCase(), rest: rest.trim() }] : [];
  });
  const stage = instructions.slice(instructions.findLastIndex(({ word }) => word === 'FROM') + 1);
  const exec = (name: string): string[] => {
    const text = stage.findLast(({ word }) => word === name)?.rest;
    if (text === undefined) return [];
    if (!text.startsWith('[')) throw new Error(`${name} of ${file} is not in exec form`);
    return JSON.parse(text);
  };
  return {
    entrypoint: exec('ENTRYPOINT'),
    command: exec('CMD'),
    cwd: contextDirectory,
    env: {
      // The base image would bring its own.
      PATH: process.env.PATH ?? '',
      ...Object.assign({}, ...stage.filter(({ word }) => word === 'ENV').map(({ rest }) => variables(rest))),
    },
  };
}

/** `A=1 B="two words"`, or the old form `A the rest`. */
function variables(text: string): Record<string, string> {
  const [, name = '', value = ''] = /^(\w+)\s+(.*)$/.exec(text) ?? [];
  if (name && !text.slice(0, text.indexOf(' ')).includes('=')) return { [name]: value };
  const found: Record<string, string> = {};
  for (const [, key, quoted, bare] of text.matchAll(/(\w+)=(?:"([^"]*)"|(\S*))/g)) {
    if (key) found[key] = quoted ?? bare ?? '';
  }
  return found;
}
