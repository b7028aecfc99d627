import { describe, expect, it } from 'vitest';
import { maxAnswerLength } from '../../../amplify/core/message.ts';
import { limitAnswer } from './answer-limit.ts';
import { ToolCards } from './tool-cards.ts';

describe('an answer that is too long to keep', () => {
  it('is cut at the limit and says so, in its own language', () => {
    const english = limitAnswer('word '.repeat(20_000));
    expect(english.length).toBeLessThanOrEqual(maxAnswerLength);
    expect(english).toMatch(/longer than can be kept/);
    expect(limitAnswer('낱말 '.repeat(30_000))).toMatch(/보관할 수 있는 길이/);
  });

  it('is never cut inside a character', () => {
    for (const lead of ['', 'x']) expect(limitAnswer(lead + '🦞'.repeat(40_000)).isWellFormed()).toBe(true);
  });

  it('stays as it is below the limit', () => {
    expect(limitAnswer('short')).toBe('short');
  });
});

describe('tool cards', () => {
  const now = new Date('2026-01-01T00:00:00Z');

  it('go from running to done with what the tool gave', () => {
    const cards = new ToolCards();
    const started = cards.take(
      { phase: 'start', name: 'exec', toolCallId: 't', args: { command: 'ls -la\npwd' } },
      12,
      now,
    );
    expect(started).toMatchObject({ status: 'running', title: 'ls -la', input: 'ls -la\npwd', at: 12 });
    const done = cards.take(
      {
        phase: 'result',
        toolCallId: 't',
        isError: false,
        result: { content: [{ type: 'text', text: 'file' }] },
      },
      20,
      now,
    );
    expect(done).toMatchObject({ status: 'done', output: 'file', at: 12 });
  });

  it('ignore updates, repeated starts and results of unknown tools', () => {
    const cards = new ToolCards();
    cards.take({ phase: 'start', name: 'read', toolCallId: 't', args: { path: 'a' } }, 0, now);
    expect(cards.take({ phase: 'start', name: 'read', toolCallId: 't' }, 5, now)).toBeUndefined();
    expect(cards.take({ phase: 'update', toolCallId: 't' }, 5, now)).toBeUndefined();
    expect(cards.take({ phase: 'result', toolCallId: 'other' }, 5, now)).toBeUndefined();
  });

  it('keep a row small however much tools give', () => {
    const cards = new ToolCards();
    for (let n = 0; n < 100; n++) {
      cards.take(
        { phase: 'start', name: 'exec', toolCallId: `t${n}`, args: { command: 'x'.repeat(9_000) } },
        0,
        now,
      );
      cards.take({ phase: 'result', toolCallId: `t${n}`, result: 'y'.repeat(9_000) }, 0, now);
    }
    expect(JSON.stringify(cards.all()).length).toBeLessThan(60_000);
  });

  it('do not run for ever when their turn was cut off', () => {
    const cards = new ToolCards();
    cards.take({ phase: 'start', name: 'exec', toolCallId: 't', args: {} }, 0, now);
    cards.endRunning(now);
    expect(cards.all()[0]).toMatchObject({ status: 'failed', finishedAt: now.toISOString() });
  });
});
