import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FileSystem } from 'aws-cdk-lib';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { stageContext } from './stage-context.ts';

const folders: string[] = [];
const staged = () => {
  const folder = mkdtempSync(join(tmpdir(), 'context-'));
  folders.push(folder);
  stageContext(folder);
  return folder;
};
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** What CDK names the image by, and so whether CodeBuild builds it. */
const hashOf = (folder: string) => FileSystem.fingerprint(folder);

describe('The image', () => {
  let context = '';
  let before = '';
  beforeEach(() => {
    context = staged();
    before = hashOf(context);
  });

  test('is not built again while what it is made of is the same, whenever and wherever that was laid out', () => {
    expect(hashOf(staged())).toBe(before);
    const later = new Date(Date.now() + 86_400_000);
    for (const file of readdirSync(context)) utimesSync(join(context, file), later, later);
    expect(hashOf(context)).toBe(before);
    // A path of this machine in it would make another image of each checkout.
    for (const file of readdirSync(context)) {
      expect(readFileSync(join(context, file), 'utf8').includes(join(import.meta.dirname, '..')), file).toBe(
        false,
      );
    }
  });

  test.each(['bridge.mjs', 'package-lock.json', 'Dockerfile'])('is built again when %s changes', (file) => {
    appendFileSync(join(context, file), '\n');
    expect(hashOf(context)).not.toBe(before);
  });
});
