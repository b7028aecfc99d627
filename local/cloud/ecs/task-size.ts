import { AwsError } from '../service.ts';

const range = (least: number, most: number, step: number) =>
  Array.from({ length: (most - least) / step + 1 }, (_, index) => least + index * step);

/**
 * MiB that Fargate has for each number of CPU units on Linux.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html#task_size
 */
const memoryOf: Readonly<Record<string, readonly number[]>> = {
  256: [512, 1024, 2048],
  512: range(1024, 4096, 1024),
  1024: range(2048, 8192, 1024),
  2048: range(4096, 16_384, 1024),
  4096: range(8192, 30_720, 1024),
  8192: range(16_384, 61_440, 4096),
  16384: range(32_768, 122_880, 8192),
};

/** CPU and memory of a task: the definition's, or those that RunTask asks for. Throws where Fargate has no such pair. */
export function taskSizeOf(
  cpu: unknown,
  memory: unknown,
  overrides: { readonly cpu?: string | undefined; readonly memory?: string | undefined },
): { cpu: string; memory: string } {
  const size = { cpu: overrides.cpu ?? String(cpu), memory: overrides.memory ?? String(memory) };
  if (memoryOf[size.cpu]?.includes(Number(size.memory))) return size;
  throw new AwsError('ClientException', 'No Fargate configuration exists for given values.');
}
