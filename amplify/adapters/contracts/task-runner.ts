import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Capacity } from '../../core/capacity.ts';
import type { RunTaskRequest, TaskRunner } from '../../core/ports.ts';

/** What every TaskRunner does. `setFull`: on which capacity there is none. */
export function taskRunnerContract(
  name: string,
  make: () => Promise<{ runner: TaskRunner; setFull: (full: readonly Capacity[]) => void }>,
): void {
  describe(`task runner: ${name}`, () => {
    let runner: TaskRunner;
    let setFull: (full: readonly Capacity[]) => void;
    beforeEach(async () => {
      ({ runner, setFull } = await make());
      setFull([]);
    });
    const request = (change: Partial<RunTaskRequest> = {}): RunTaskRequest => ({
      ...{ capacity: 'FARGATE_SPOT', clientToken: randomUUID(), startedBy: 'abc-1-1' },
      size: { cpu: 1024, memory: 2048 },
      ...change,
    });
    const started = async (given: RunTaskRequest): Promise<string> => {
      const result = await runner.run(given);
      if (result.outcome !== 'started') throw new Error(`${result.outcome}: ${result.reason}`);
      return result.taskId;
    };
    const listed = async () => (await runner.list()).map(({ taskId }) => taskId);

    test('a token stands for one task, however often it is asked for', async () => {
      const asked = request();
      const taskId = await started(asked);
      expect(taskId).toMatch(/^[\w-]+$/);
      expect(await started(asked)).toBe(taskId);
      expect(await started(request())).not.toBe(taskId);
    });

    test('a task is listed with when it was made, until it is stopped', async () => {
      const taskId = await started(request({ capacity: 'FARGATE' }));
      const listedTask = (await runner.list()).find((task) => task.taskId === taskId);
      expect(listedTask?.lastStatus).toMatch(/^[A-Z]+$/);
      expect(Number.isInteger(listedTask?.createdAt)).toBe(true);
      await runner.stop(taskId, 'for a test');
      await expect.poll(listed, { timeout: 20_000 }).not.toContain(taskId);
    });

    test('a task has the size that was asked for, whatever its definition says', async () => {
      const size = { cpu: 2048, memory: 4096 };
      const taskId = await started(request({ size }));
      expect((await runner.list()).find((task) => task.taskId === taskId)?.size).toEqual(size);
    });

    test('to stop a task that nobody knows is no error', async () => {
      await runner.stop('0123456789abcdef0123456789abcdef', 'for a test');
    });

    test('no capacity is told as that, and the other one is not touched by it', async () => {
      setFull(['FARGATE_SPOT']);
      expect(await runner.run(request())).toMatchObject({ outcome: 'no-capacity' });
      expect(await runner.run(request({ capacity: 'FARGATE' }))).toMatchObject({ outcome: 'started' });
    });
  });
}
