import * as z from 'zod';

export interface TaskSize {
  /** CPU units: 1024 is one vCPU. */
  readonly cpu: number;
  /** MiB. */
  readonly memory: number;
}

/** Memory in MiB that Fargate offers for each number of CPU units (Amazon ECS developer guide, "Task size"). */
const memoryOf: Readonly<Record<number, readonly number[]>> = {
  512: range(1024, 4096, 1024),
  1024: range(2048, 8192, 1024),
  2048: range(4096, 16_384, 1024),
  4096: range(8192, 30_720, 1024),
};

function range(least: number, most: number, step: number): number[] {
  return Array.from({ length: (most - least) / step + 1 }, (_, index) => least + index * step);
}

/** CPU units that a task may have. */
export const cpuChoices = Object.keys(memoryOf).map(Number);

/** Whether Fargate has it. */
export const isTaskSize = ({ cpu, memory }: TaskSize): boolean => memoryOf[cpu]?.includes(memory) ?? false;

/**
 * Sizes that an owner may choose among, CPU units and MiB: one OpenClaw fits into each. resolvers/save-settings.js
 * has the same list.
 */
export const taskSizes = [
  '512x2048',
  '1024x2048',
  '1024x4096',
  '2048x4096',
  '2048x8192',
  '4096x8192',
] as const;
export const taskSizeName = z.enum(taskSizes);
export type TaskSizeName = z.infer<typeof taskSizeName>;

export function sizeNamed(name: TaskSizeName): TaskSize {
  const [cpu = 0, memory = 0] = name.split('x').map(Number);
  return { cpu, memory };
}

/** What the tasks of a deployment may have. */
export interface AllowedSizes {
  /** Where the owner has chosen none. */
  readonly usual: TaskSize;
  readonly largest: TaskSize;
}

export const fitsInto = (size: TaskSize, largest: TaskSize): boolean =>
  size.cpu <= largest.cpu && size.memory <= largest.memory;

/** What owners of a deployment may choose, the smallest first. */
export const offeredSizes = ({ largest }: AllowedSizes): TaskSizeName[] =>
  taskSizes.filter((name) => fitsInto(sizeNamed(name), largest));

/** What an owner's next task gets: their own choice while it is offered. */
export function sizeFor(
  allowed: AllowedSizes,
  { taskSize }: { taskSize?: TaskSizeName | null | undefined },
): TaskSize {
  return taskSize && offeredSizes(allowed).includes(taskSize) ? sizeNamed(taskSize) : allowed.usual;
}

const units = z.coerce.number().int().positive();

/** The size of a task as ECS tells it, in its events and by DescribeTasks. What RunTask asked for comes first. */
export const toldSize = z.object({
  cpu: units.optional(),
  memory: units.optional(),
  overrides: z.object({ cpu: units.optional(), memory: units.optional() }).optional(),
});

/** Undefined where ECS tells none. */
export function sizeTold({ cpu, memory, overrides }: z.infer<typeof toldSize>): TaskSize | undefined {
  const size = { cpu: overrides?.cpu ?? cpu, memory: overrides?.memory ?? memory };
  return size.cpu && size.memory ? { cpu: size.cpu, memory: size.memory } : undefined;
}
