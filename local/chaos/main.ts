// `npm run chaos -- --runs N --seed S`: seed S is the first run's, S + 1 the second's; so is a failing one repeated.
// --real F: that share (0 to 1) with the real OpenClaw. --side N: so many at a time. --with KIND: only plans with this
// fault (plan.ts). --verbose: plans and timelines of runs that kept everything, too.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createProgress } from '../app/bootstrap/progress.mjs';
import { runCampaign } from './campaign.ts';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '20' },
    seed: { type: 'string', default: '1' },
    real: { type: 'string', default: '0' },
    side: { type: 'string', default: '4' },
    with: { type: 'string' },
    verbose: { type: 'boolean', default: false },
  },
});
const folder = mkdtempSync(join(tmpdir(), 'chaos-'));
const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');
const begun = Date.now();
const result = await runCampaign({
  root,
  folder,
  progress: createProgress({ json: false }),
  runs: Number(values.runs),
  seed: Number(values.seed),
  realShare: Number(values.real),
  side: Number(values.side),
  ...(values.with === undefined ? {} : { fault: values.with }),
  onRun: ({ plan, violations, timeline, milliseconds, faults, messages, answered }) => {
    const told = faults.map(({ kind, isHit }) => (isHit ? kind : `${kind} (missed)`)).join(', ') || 'none';
    const verdict = violations.length === 0 ? 'kept' : 'VIOLATED';
    process.stdout.write(
      `seed ${plan.seed}: ${verdict}, ${answered} of ${messages} messages answered, faults: ${told}, ${(milliseconds / 1000).toFixed(1)} s\n`,
    );
    if (violations.length === 0 && !values.verbose) return;
    process.stdout.write(
      `${JSON.stringify(plan)}\n${timeline.join('\n')}\n${violations.map((text) => `VIOLATION ${text}`).join('\n')}\n\n`,
    );
  },
});
rmSync(folder, { recursive: true, force: true });
for (const text of result.violations) process.stdout.write(`VIOLATION ${text}\n`);
let hits = 0;
for (const [kind, { planned, hit }] of Object.entries(result.faults).sort()) {
  hits += hit;
  process.stdout.write(`${kind}: ${hit} of ${planned} hit\n`);
}
process.stdout.write(
  `${result.runs} runs, ${result.answered} of ${result.messages} messages answered, ${hits} faults, ${result.violations.length} violations, ${((Date.now() - begun) / 1000).toFixed(0)} s\n`,
);
process.exit(result.violations.length === 0 ? 0 : 1);
