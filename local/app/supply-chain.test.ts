import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

interface Locked {
  readonly version?: string;
  readonly integrity?: string;
  readonly link?: boolean;
  readonly inBundle?: boolean;
  readonly optional?: boolean;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
}

describe.each(['', 'container/'])('What is installed in /%s', (folder) => {
  test('is one exact version of each package', () => {
    const { dependencies, devDependencies, optionalDependencies } = JSON.parse(read(`${folder}package.json`));
    const versions = Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies });
    expect(versions.length).toBeGreaterThan(0);
    expect(versions.filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(String(version)))).toEqual([]);
  });

  test('is what the lock file has the hash of', () => {
    const { packages } = JSON.parse(read(`${folder}package-lock.json`)) as {
      packages: Record<string, Locked>;
    };
    const installed = Object.entries(packages).filter(([path, { link }]) => path !== '' && !link);
    expect(installed.length).toBeGreaterThan(300);
    // A bundled package is part of the one that brings it. npm leaves out what other platforms than its own would get.
    const unknown = installed.filter(([, locked]) => {
      const isForOtherPlatforms = locked.optional && (locked.os ?? locked.cpu) !== undefined;
      return !locked.inBundle && !isForOtherPlatforms && !locked.integrity?.startsWith('sha512-');
    });
    expect(unknown.map(([path]) => path)).toEqual([]);
  });
});

test('the image is built on one release of Node, with the packages of its lock file', () => {
  const dockerfile = read('container/Dockerfile');
  expect(/^ARG NODE_IMAGE=(.*)$/m.exec(dockerfile)?.[1]).toMatch(
    /:\d+\.\d+\.\d+-\w+-slim(@sha256:[0-9a-f]{64})?$/,
  );
  expect(dockerfile).toMatch(/^RUN npm ci /m);
  expect(dockerfile).not.toMatch(/npm (i|install)\b|curl .*\| *(ba)?sh|ADD http/);
});
