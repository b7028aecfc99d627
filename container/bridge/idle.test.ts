import { describe, expect, it } from 'vitest';
import { backgroundMs, IdleClock, wishedMs } from './idle.ts';

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

  it('waits for what runs in the background, asks every minute, and not for ever', () => {
    const clock = new IdleClock(600);
    clock.observe(false, 0);
    expect(clock.triesAt(0)).toBe(600_000);
    clock.refused(600_000);
    clock.refused(660_000);
    expect(clock.sleepsAt).toBe(600_000 + backgroundMs);
    expect(clock.triesAt(660_000)).toBe(720_000);
    expect(clock.triesAt(600_000 + backgroundMs - 1_000)).toBe(600_000 + backgroundMs);
    const over = (now: number, isWished = false) => clock.isOver(600_000 + now, isWished);
    expect([over(backgroundMs - 1), over(backgroundMs)]).toEqual([false, true]);
    // Who wishes it to sleep does not wait half an hour.
    expect([over(wishedMs - 1, true), over(wishedMs, true)]).toEqual([false, true]);
    clock.keepUntil(9_000_000);
    expect([clock.sleepsAt, clock.triesAt(660_000)]).toEqual([9_000_000, 9_000_000]);
    // A message begins it all anew.
    clock.observe(true, 700_000);
    clock.observe(false, 710_000);
    expect(clock.triesAt(660_000)).toBe(9_000_000);
    clock.keepUntil(undefined);
    expect([clock.sleepsAt, clock.isOver(9_000_000, true)]).toEqual([1_310_000, false]);
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
