// Starts the installed OpenClaw once, by itself, and prints what it took as JSON.
import { startDemoModel } from '../app/demo-model/demo-model.ts';
import { startDirectOpenClaw } from '../bench/direct-openclaw.ts';
import { watchMemory } from '../bench/memory.ts';
import type { Boot } from './boots.ts';

const demo = await startDemoModel({ port: 0 });
const { model, baseUrl } = demo.modelDefault;
const watch = watchMemory(process.pid);
const openclaw = await startDirectOpenClaw({
  api: 'openai-completions',
  model,
  baseUrl: baseUrl ?? '',
});
const boot: Boot = { ms: openclaw.boot, megabytes: watch.peak() };
watch.stop();
await openclaw.stop();
await demo.close();
process.stdout.write(`${JSON.stringify(boot)}\n`);
