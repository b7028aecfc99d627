import { describe, expect, it } from 'vitest';
import { IdleClock } from './idle.ts';

describe('the idle clock', () => {
  it('counts from the moment when the last work ended', () => {
    const clock = new IdleClock(600);
    clock.observe(true, 1_000);
    expect(clock.sleepsAt).toBeUndefined();
    clock.observe(false, 5_000);
    clock.observe(false, 9_000);
    expect(clock.sleepsAt).toBe(605_000);
  });

  it('begins anew with each work', () => {
    const clock = new IdleClock(60);
    clock.observe(false, 0);
    clock.observe(true, 59_000);
    clock.observe(false, 70_000);
    expect(clock.sleepsAt).toBe(130_000);
  });

  it('is short until the first work, where a task was woken ahead of it', () => {
    const clock = new IdleClock(600, 120);
    clock.observe(false, 0);
    expect(clock.sleepsAt).toBe(120_000);
    clock.observe(true, 60_000);
    clock.observe(false, 70_000);
    expect(clock.sleepsAt).toBe(670_000);
  });

  it('stays as long as it was asked to, and not beyond its idle time when that is taken back', () => {
    const clock = new IdleClock(60);
    clock.observe(false, 0);
    clock.keepUntil(3_600_000);
    expect(clock.sleepsAt).toBe(3_600_000);
    expect(clock.quietUntil).toBe(60_000);
    clock.observe(true, 3_590_000);
    expect(clock.sleepsAt).toBeUndefined();
    clock.observe(false, 3_595_000);
    expect(clock.sleepsAt).toBe(3_655_000);
    clock.keepUntil(undefined);
    expect(clock.sleepsAt).toBe(3_655_000);
  });

  it('begins anew when leaving did not work out', () => {
    const clock = new IdleClock(60);
    clock.observe(false, 0);
    clock.restart(60_000);
    expect(clock.sleepsAt).toBe(120_000);
  });

  it('tells how long there was work, each moment once', () => {
    const clock = new IdleClock(60);
    expect(clock.takeWorked(500)).toBe(0);
    clock.observe(true, 1_000);
    expect(clock.takeWorked(4_000)).toBe(3_000);
    clock.observe(true, 5_000);
    clock.observe(false, 6_500);
    clock.observe(false, 60_000);
    clock.observe(true, 61_000);
    clock.observe(false, 61_500);
    expect(clock.takeWorked(90_000)).toBe(3_000);
    expect(clock.takeWorked(99_000)).toBe(0);
  });
});
