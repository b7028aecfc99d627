// `npm run bench`: measures the product on this machine and writes the figures into docs/performance.md.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import openclaw from '../../container/package.json' with { type: 'json' };
import { regressions } from './gate.ts';
import { writePage } from './page.ts';
import { measure, parts } from './plan.ts';
import { pageParts, ratiosOf } from './report.ts';

const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');
const pageFile = join(root, 'docs/performance.md');
const ratiosFile = join(root, 'docs/performance.json');
const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '3' },
    only: { type: 'string', multiple: true },
    check: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  process.stdout.write(`npm run bench -- [--runs N] [--only PART]… [--check]
  --runs N     wakes of each kind (3); a run of all parts takes about a quarter of an hour with it
  --only PART  ${parts.join(', ')}; again for more. The page keeps its other figures
  --check      writes nothing; fails when a ratio is more than a quarter worse than docs/performance.json
`);
  process.exit(0);
}
const runs = Number(values.runs);
const only = values.only ?? parts;
const unknown = only.find((part) => !(parts as readonly string[]).includes(part));
if (!(Number.isInteger(runs) && runs > 0) || unknown !== undefined) {
  process.stderr.write(
    `bench: ${unknown === undefined ? `--runs ${values.runs} is no whole number above 0` : `there is no part ${unknown}, only ${parts.join(', ')}`}\n`,
  );
  process.exit(2);
}

/** Says of parts that were measured by themselves when, and on what. */
const onTheirOwn = (measured: Readonly<Record<string, string>>, machine: string) =>
  Object.fromEntries(
    Object.entries(measured).map(([name, part]) => [name, `${part}\n\nMeasured on its own: ${machine}`]),
  );

const begun = performance.now();
const say = (text: string) => {
  const seconds = Math.round((performance.now() - begun) / 1000);
  process.stdout.write(`${String(seconds).padStart(4)} s  ${text}\n`);
};
const folder = mkdtempSync(join(tmpdir(), 'bench-'));
const { figures, faults } = await measure({ root, folder, runs, say }, only as typeof parts);
rmSync(folder, { recursive: true, force: true, maxRetries: 5 });

const machine = `${new Date().toISOString().slice(0, 10)}, \`npm run bench -- --runs ${runs}\`: ${cpus().length} cores (${cpus()[0]?.model.trim()}), ${Math.round(totalmem() / 2 ** 30)} GiB, ${process.platform} ${process.arch}, Node ${process.version}, openclaw ${openclaw.dependencies.openclaw}, scripted demo model. Load at the end: ${loadavg()[0]?.toFixed(1)}.`;
const ratios = ratiosOf(figures);
const before = JSON.parse(readFileSync(ratiosFile, 'utf8')) as Record<string, number>;
// Of a run of some parts, what these parts measure is compared.
const committed = values.only
  ? Object.fromEntries(Object.entries(before).filter(([name]) => name in ratios))
  : before;
const worse = values.check ? regressions(committed, ratios) : [];
if (!values.check) {
  const { machine: ofAll, ...ofParts } = pageParts(figures, machine);
  // The page's own line about the machine is that of a whole run.
  writePage(pageFile, values.only ? onTheirOwn(ofParts, machine) : { machine: ofAll ?? '', ...ofParts });
  writeFileSync(ratiosFile, `${JSON.stringify({ ...before, ...ratios }, null, 2)}\n`);
  say('written: docs/performance.md, docs/performance.json');
}
for (const part of Object.values(pageParts(figures, machine))) process.stdout.write(`\n${part}\n`);
for (const fault of [...faults, ...worse]) process.stderr.write(`bench: ${fault}\n`);
process.exit(faults.length + worse.length > 0 ? 1 : 0);
