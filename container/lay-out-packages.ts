import { copyFileSync, linkSync, mkdirSync, readdirSync, readlinkSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { isKept } from './prune.ts';

/** OpenClaw's file tools open no file that has a second name. */
const readByTools = /^openclaw\/(skills|dist\/extensions)\//;

/**
 * Makes a folder of packages as the image holds them: what prune.ts keeps of `from`, most of it as hard links (copies
 * where the two lie on different file systems). Neither is written to afterwards.
 */
export function layOutPackages(from: string, to: string, below = ''): void {
  mkdirSync(join(to, below), { recursive: true });
  for (const entry of readdirSync(join(from, below), { withFileTypes: true })) {
    const path = below ? `${below}/${entry.name}` : entry.name;
    if (!isKept(path)) continue;
    if (entry.isDirectory()) layOutPackages(from, to, path);
    else if (entry.isSymbolicLink()) symlinkSync(readlinkSync(join(from, path)), join(to, path));
    else if (readByTools.test(path)) copyFileSync(join(from, path), join(to, path));
    else link(join(from, path), join(to, path));
  }
}

function link(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    // Another file system, one without links, or a file that has as many as it may.
    if (!['EXDEV', 'EPERM', 'EMLINK', 'ENOTSUP'].includes(code)) throw error;
    copyFileSync(from, to);
  }
}
