import { join } from 'node:path';
import { startDemoModel } from '../app/demo-model/demo-model.ts';
import { startDirectOpenClaw, type TurnTimes } from './direct-openclaw.ts';
import { type FunctionFigures, measureSendMessage } from './functions.ts';
import { type Layer, measureImage } from './image.ts';
import { type Month, months } from './month.ts';
import { type PlainRun, runPlainOpenClaw } from './plain-openclaw.ts';
import { measureProduct, type ProductFigures, question } from './product.ts';
import { measureRestore, type RestoreFigures } from './restore.ts';
import { measureWeb, type WebFigures } from './web.ts';

export const parts = ['product', 'openclaw', 'restore', 'function', 'image', 'web', 'month'] as const;
const warmTurns = 10;
/** Short and noisy: measured more often than a wake. */
const restores = 9;
const pageLoads = 9;
const typingRuns = 5;

export interface Figures {
  product?: ProductFigures;
  openclaw?: { plain: readonly PlainRun[]; warm: readonly TurnTimes[] };
  restore?: RestoreFigures;
  function?: FunctionFigures;
  image?: readonly Layer[];
  month?: readonly Month[];
  web?: WebFigures;
}

interface Plan {
  readonly root: string;
  readonly folder: string;
  readonly runs: number;
  say(text: string): void;
}

/** Measures part after part. One that fails is a fault and leaves the others to be measured. */
export async function measure(
  plan: Plan,
  only: readonly (typeof parts)[number][],
): Promise<{ figures: Figures; faults: string[] }> {
  const figures: Figures = {};
  const faults: string[] = [];
  const packages = join(plan.root, 'container/node_modules');
  const work = {
    product: () => measureProduct({ ...plan, warmTurns }),
    openclaw: () => measureOpenClaw(plan, join(packages, 'openclaw/openclaw.mjs')),
    restore: () => measureRestore(restores),
    function: () => measureSendMessage(plan.root, 5),
    image: async () => measureImage(packages, plan.say),
    month: async () => months(),
    web: () => measureWeb({ ...plan, pageLoads, typingRuns }),
  };
  for (const part of parts.filter((each) => only.includes(each))) {
    plan.say(part);
    try {
      Object.assign(figures, { [part]: await work[part]() });
    } catch (error) {
      faults.push(`${part}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    }
  }
  return { figures, faults };
}

/** What the product is compared with: the package as it comes, and warm turns without anything around them. */
async function measureOpenClaw({ runs, say }: Plan, entry: string) {
  const demo = await startDemoModel({ port: 0 });
  const { baseUrl, model } = demo.modelDefault;
  try {
    const plain: PlainRun[] = [];
    for (let run = 1; run <= runs; run += 1) {
      say(`plain OpenClaw: ${run} of ${runs}`);
      plain.push(await runPlainOpenClaw(entry, { baseUrl: String(baseUrl), id: model }));
    }
    say(`OpenClaw alone, warm turns: ${warmTurns}`);
    const direct = await startDirectOpenClaw({ api: 'openai-completions', baseUrl: String(baseUrl), model });
    const warm: TurnTimes[] = [];
    try {
      await direct.turn(question);
      for (let turn = 0; turn < warmTurns; turn += 1) warm.push(await direct.turn(question));
    } finally {
      await direct.stop();
    }
    return { plain, warm };
  } finally {
    await demo.close();
  }
}
