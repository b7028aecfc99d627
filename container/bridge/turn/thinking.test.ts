import { describe, expect, it } from 'vitest';
import { maxThinkingLength } from '../../../amplify/core/message.ts';
import { Thinking } from './thinking.ts';

describe('what a model thought', () => {
  it('is nothing for one that shows nothing', () => expect(new Thinking().thought).toBeUndefined());

  it('grows within a call and goes on with the next one, and only thinking takes its time', () => {
    const thinking = new Thinking();
    thinking.take('Let me', 1_000);
    thinking.take('Let me see.', 3_500);
    thinking.end();
    thinking.take('The file', 60_000);
    expect(thinking.thought).toEqual({ text: 'Let me see.\n\nThe file', ms: 2_500 });
    thinking.take('The file is there.', 61_000);
    thinking.end();
    thinking.end();
    expect(thinking.thought).toEqual({ text: 'Let me see.\n\nThe file is there.', ms: 3_500 });
  });

  it('is kept up to a limit, and never cut inside a character', () => {
    for (const lead of ['', 'x']) {
      const thinking = new Thinking();
      thinking.take(lead + '🦞'.repeat(maxThinkingLength), 0);
      const text = thinking.thought?.text ?? '';
      expect(text.length).toBeLessThanOrEqual(maxThinkingLength);
      expect(text.length).toBeGreaterThan(maxThinkingLength - 3);
      expect(text.isWellFormed()).toBe(true);
      expect(text.endsWith('…')).toBe(true);
    }
  });
});
