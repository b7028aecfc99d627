import { describe, expect, test } from 'vitest';
import { isTaskSize, offeredSizes, sizeFor, sizeNamed, sizeTold, taskSizes, toldSize } from './task-size.ts';

const usual = { cpu: 1024, memory: 2048 };

describe('Sizes that may be chosen', () => {
  test('are ones that Fargate has, and OpenClaw fits into each', () => {
    for (const name of taskSizes) {
      expect(isTaskSize(sizeNamed(name))).toBe(true);
      expect(sizeNamed(name).memory).toBeGreaterThanOrEqual(2048);
    }
  });

  test('go up to the largest of the deployment, in both of its numbers', () => {
    expect(offeredSizes({ usual, largest: { cpu: 2048, memory: 4096 } })).toEqual([
      ...['512x2048', '1024x2048', '1024x4096', '2048x4096'],
    ]);
    expect(offeredSizes({ usual, largest: { cpu: 4096, memory: 8192 } })).toEqual([...taskSizes]);
    expect(offeredSizes({ usual, largest: usual })).toEqual(['512x2048', '1024x2048']);
  });

  test('count while they are offered', () => {
    const allowed = { usual, largest: { cpu: 1024, memory: 4096 } };
    expect(sizeFor(allowed, { taskSize: '1024x4096' })).toEqual({ cpu: 1024, memory: 4096 });
    expect(sizeFor(allowed, { taskSize: '2048x4096' })).toEqual(usual);
    expect(sizeFor(allowed, { taskSize: null })).toEqual(usual);
  });
});

test('what ECS tells of a size is read in either of its forms', () => {
  const told = (value: object) => sizeTold(toldSize.parse(value));
  expect(told({ cpu: '1024', memory: '2048' })).toEqual(usual);
  expect(told({ cpu: '512', memory: '1024', overrides: { cpu: '1024', memory: '2048' } })).toEqual(usual);
  expect(told({ overrides: {} })).toBeUndefined();
});
