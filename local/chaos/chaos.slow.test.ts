import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createProgress } from '../app/bootstrap/progress.mjs';
import { type CampaignResult, runCampaign } from './campaign.ts';
import type { RunResult } from './run.ts';

const runs = 20;
const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');
const folder = mkdtempSync(join(tmpdir(), 'chaos-test-'));
const results: RunResult[] = [];
let campaign: CampaignResult;

beforeAll(async () => {
  const progress = createProgress({ json: false, out: { write: () => {} } });
  campaign = await runCampaign({
    ...{ root, folder, progress, runs, seed: 1, realShare: 0, side: 6 },
    onRun: (result) => results.push(result),
  });
}, 700_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('twenty runs of the real stack, in which things break at random', () => {
  test('lose no message, answer none twice and silently run no tool again', () => {
    for (const { plan, violations, timeline } of results) {
      if (violations.length > 0) process.stderr.write(`seed ${plan.seed}\n${timeline.join('\n')}\n\n`);
    }
    expect(campaign.violations).toEqual([]);
    expect(campaign.runs).toBe(runs);
  });

  test('are worth it: messages were sent and faults met what they were meant for', () => {
    expect(campaign.messages).toBeGreaterThan(runs);
    // Whatever is broken for all of them, a model that can't be called above all, would make the rest of it empty.
    expect(campaign.answered).toBeGreaterThan(campaign.messages / 2);
    const hits = Object.values(campaign.faults).reduce((total, { hit }) => total + hit, 0);
    expect(hits).toBeGreaterThan(runs);
  });
});
