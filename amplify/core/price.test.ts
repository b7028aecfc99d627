import { expect, test } from 'vitest';
import { awsPricesOf, computeHour, pricedRegions, taskSecondUsd, toMicros, toUsd } from './price.ts';

const size = { cpu: 1024, memory: 2048 };

test('an hour of a task is its vCPU and memory, with the discount of Spot', () => {
  const { prices } = awsPricesOf('us-east-1');
  expect(computeHour(prices, size)).toBeCloseTo(0.03238 + 2 * 0.00356, 8);
  expect(computeHour(prices, size, 0.7)).toBeCloseTo(0.3 * (0.03238 + 2 * 0.00356), 8);
});

test('a booked second holds the public address, and Spot at the smaller of its discounts', () => {
  const { prices } = awsPricesOf('ap-northeast-2');
  const hour = 0.03725 + 2 * 0.00409;
  expect(taskSecondUsd(prices, size, 'FARGATE') * 3600).toBeCloseTo(hour + 0.005, 8);
  expect(taskSecondUsd(prices, size, 'FARGATE_SPOT') * 3600).toBeCloseTo(hour / 2 + 0.005, 8);
});

test('a region whose prices nobody read counts as the dearest known, and says so', () => {
  const { prices, isOwn } = awsPricesOf('eu-south-2');
  expect(isOwn).toBe(false);
  for (const region of pricedRegions) {
    const own = awsPricesOf(region);
    expect(own.isOwn).toBe(true);
    expect(computeHour(prices, size)).toBeGreaterThanOrEqual(computeHour(own.prices, size));
    expect(prices.logsGb).toBeGreaterThanOrEqual(own.prices.logsGb);
    expect(prices.dynamodb.perMillionWrites).toBeGreaterThanOrEqual(own.prices.dynamodb.perMillionWrites);
  }
});

test('a millionth of a dollar is the smallest amount, and amounts are rounded up', () => {
  expect(toMicros(0.42)).toBe(420_000);
  expect(toMicros(0.1 + 0.2)).toBe(300_000);
  expect(toMicros(0.0000001)).toBe(1);
  expect(toUsd(toMicros(12.34))).toBe(12.34);
});
