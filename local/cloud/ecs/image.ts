import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A container image laid out on this machine: no Docker, the same command. */
export interface Image {
  readonly command: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

/** How a host lays out an image from its build context. */
export type ImageFor = (contextDirectory: string) => Promise<Image>;

/**
 * Reads ENTRYPOINT, CMD and ENV from a Dockerfile and runs them inside the build context itself:
 * right for an image that only copies its context. Throws when the file is missing or uses the shell form.
 */
export async function imageFromDockerfile(contextDirectory: string): Promise<Image> {
  const file = join(contextDirectory, 'Dockerfile');
  if (!existsSync(file)) throw new Error(`no Dockerfile in the image's build context ${contextDirectory}`);
  const lines = readFileSync(file, 'utf8').replaceAll('\\\n', ' ').split('\n');
  const last = (word: string) =>
    lines.findLast((line) => line.startsWith(`${word} `))?.slice(word.length + 1);
  const exec = (word: string): string[] => {
    const text = last(word);
    if (text === undefined) return [];
    if (!text.trim().startsWith('[')) throw new Error(`${word} of ${file} is not in exec form`);
    return JSON.parse(text);
  };
  const env: Record<string, string> = {};
  for (const line of lines.filter((each) => each.startsWith('ENV '))) {
    for (const [, name, quoted, bare] of line.slice(4).matchAll(/(\w+)=(?:"([^"]*)"|(\S*))/g)) {
      if (name) env[name] = quoted ?? bare ?? '';
    }
  }
  return { command: [...exec('ENTRYPOINT'), ...exec('CMD')], cwd: contextDirectory, env };
}
