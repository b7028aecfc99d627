// Preloaded into a task's bridge (task-clocks.ts): its clock is off by what the file of its task says, and jumps when
// that changes. What counts time without a clock (timers, performance.now) goes on as the kernel has it.
import { readFileSync, watch } from 'node:fs';
import { basename, dirname, join } from 'node:path';

const { ECS_CONTAINER_METADATA_URI_V4: metadata, CHAOS_CLOCKS: folder = '' } = process.env;
const { TaskARN } = (await (await fetch(`${metadata}/task`)).json()) as { TaskARN: string };
const file = join(folder, basename(TaskARN));
const SystemDate = Date;
let skew = 0;

function read(): void {
  const told = Number(readFileSync(file, 'utf8') || skew);
  if (told === skew) return;
  skew = told;
  process.stdout.write(`clock off by ${skew} ms\n`);
}

const now = () => SystemDate.now() + skew;
globalThis.Date = new Proxy(SystemDate, {
  construct: (target, given, newTarget) =>
    Reflect.construct(target, given.length === 0 ? [now()] : given, newTarget),
  apply: () => new SystemDate(now()).toString(),
  get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
});
read();
// What a process takes for its start is read from the same clock.
Object.defineProperty(performance, 'timeOrigin', { value: performance.timeOrigin + skew });
watch(dirname(file), { persistent: false }, (_, name) => {
  if (name === basename(file)) read();
});
