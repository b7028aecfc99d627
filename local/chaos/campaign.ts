import { chmodSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Progress } from '../app/bootstrap/progress.mjs';
import { watchConnections } from './connections.ts';
import { planOf } from './draw-plan.ts';
import type { Plan } from './plan.ts';
import { type RunResult, runPlan } from './run.ts';
import { type AgentKind, type Stack, startStack } from './stack.ts';

export interface CampaignResult {
  readonly runs: number;
  readonly messages: number;
  readonly answered: number;
  /** By kind: how many were planned, and how many met what they were meant for. */
  readonly faults: Readonly<Record<string, { planned: number; hit: number }>>;
  /** Each with the seed of its run. */
  readonly violations: readonly string[];
}

/** The plans of as many seeds, from the first on, as hold the fault. */
function plansOf({ seed, runs, fault }: { seed: number; runs: number; fault?: string }): Plan[] {
  const plans: Plan[] = [];
  for (let next = seed; plans.length < runs && next < seed + 1_000 * runs; next += 1) {
    const plan = planOf(next);
    if (fault === undefined || plan.faults.some(({ kind }) => kind === fault)) plans.push(plan);
  }
  if (plans.length < runs) throw new Error(`no plans with the fault ${fault}`);
  return plans;
}

/** Real agents need half a core each to boot. */
const realSideBySide = 2;

/**
 * Runs `runs` plans, of the seeds `seed`, `seed + 1`…, `side` of them at a time in one cloud; the first `realShare`
 * (0 to 1) of them with the real OpenClaw in a cloud of their own. Tells each result as it comes.
 */
export async function runCampaign(input: {
  root: string;
  /** An empty one. */
  folder: string;
  progress: Progress;
  runs: number;
  seed: number;
  realShare: number;
  side: number;
  /** Passes over plans without this kind of fault. */
  fault?: string;
  onRun: (result: RunResult) => void;
}): Promise<CampaignResult> {
  const { onRun } = input;
  const real = Math.round(input.runs * input.realShare);
  const plans = plansOf(input);
  // The agent runs as another user, which must be able to pass.
  chmodSync(input.folder, 0o755);
  const connections = watchConnections();
  const results: RunResult[] = [];
  const violations: string[] = [];
  try {
    const parts: [AgentKind, Plan[], number][] = [
      ['scripted', plans.slice(real), input.side],
      ['real', plans.slice(0, real), realSideBySide],
    ];
    for (const [kind, waiting, side] of parts) {
      if (waiting.length === 0) continue;
      const stack = await startStack({ ...input, folder: join(input.folder, kind), kind });
      try {
        const lane = async () => {
          for (let plan = waiting.shift(); plan; plan = waiting.shift()) {
            const result = await runPlan(stack, connections, plan);
            results.push(result);
            violations.push(...result.violations.map((text) => `seed ${result.plan.seed}: ${text}`));
            onRun(result);
          }
        };
        await Promise.all(Array.from({ length: side }, lane));
        violations.push(...orphansOf(stack));
      } finally {
        await stack.close();
      }
    }
  } finally {
    connections.close();
  }
  const faults: Record<string, { planned: number; hit: number }> = {};
  for (const { kind, isHit } of results.flatMap((result) => result.faults)) {
    const { planned, hit } = faults[kind] ?? { planned: 0, hit: 0 };
    faults[kind] = { planned: planned + 1, hit: hit + (isHit ? 1 : 0) };
  }
  const sum = (what: 'messages' | 'answered') => results.reduce((total, result) => total + result[what], 0);
  return { runs: results.length, messages: sum('messages'), answered: sum('answered'), faults, violations };
}

/** Processes of the image that outlived their tasks (Linux). */
function orphansOf({ kind, imageFolder }: Stack): string[] {
  // The folder of the real image is shared with other clouds of this checkout.
  if (kind === 'real') return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
        return command.includes(imageFolder) ? [`process ${pid} outlived its task: ${command}`] : [];
      } catch {
        return [];
      }
    });
}
