import { expect, test } from 'vitest';
import { placementOf } from './placement.ts';

const cluster = { providers: ['FARGATE', 'FARGATE_SPOT'], defaultStrategy: [] };
const place = (count: number, ...items: [string, number, number?][]) =>
  placementOf(
    {
      count,
      capacityProviderStrategy: items.map(([capacityProvider, weight, base]) => ({
        capacityProvider,
        weight,
        base,
      })),
    },
    cluster,
  );

test('the base comes first, then tasks are spread by weight', () => {
  expect(place(4, ['FARGATE', 1, 1], ['FARGATE_SPOT', 3])).toEqual([
    'FARGATE',
    'FARGATE_SPOT',
    'FARGATE_SPOT',
    'FARGATE_SPOT',
  ]);
  expect(place(2, ['FARGATE', 0], ['FARGATE_SPOT', 1])).toEqual(['FARGATE_SPOT', 'FARGATE_SPOT']);
  expect(place(1, ['FARGATE_SPOT', 0])).toEqual(['FARGATE_SPOT']);
});

test('a strategy that ECS would refuse is refused', () => {
  expect(() => place(1, ['FARGATE', 0], ['FARGATE_SPOT', 0])).toThrow('weight above zero');
  expect(() => place(1, ['FARGATE', 1, 1], ['FARGATE_SPOT', 1, 1])).toThrow('Only one');
  expect(() => place(1)).toThrow('No Container Instances');
});

test("a cluster's own strategy applies when a request has none", () => {
  const defaultStrategy = [{ capacityProvider: 'FARGATE_SPOT', weight: 1 }];
  expect(placementOf({ count: 1 }, { ...cluster, defaultStrategy })).toEqual(['FARGATE_SPOT']);
  expect(placementOf({ count: 1, launchType: 'FARGATE' }, { ...cluster, defaultStrategy })).toEqual([
    undefined,
  ]);
});
