import { expect, test } from 'vitest';
import { lineOf, metricNamespace } from './metric.ts';

const now = Date.parse('2026-11-01T12:00:00Z');

test('an entry that measures is read by CloudWatch as metrics of the deployment, and by people as before', () => {
  const entry = {
    what: 'message-ended',
    messageId: 'm-1',
    metrics: { FailedMessages: 1, AnswerSeconds: 2.5 },
  };
  const line = JSON.parse(lineOf(entry, 'app-main', now));
  expect(line).toMatchObject({ what: 'message-ended', messageId: 'm-1' });
  expect(line).not.toHaveProperty('metrics');
  const [directive, ...others] = line._aws.CloudWatchMetrics;
  expect(others).toEqual([]);
  expect(line._aws.Timestamp).toBe(now);
  expect(directive.Namespace).toBe(metricNamespace);
  // What the format asks for: each dimension and each metric is a member of the line, by the same name.
  expect(directive.Dimensions).toEqual([['Deployment']]);
  expect(line.Deployment).toBe('app-main');
  for (const { Name, Unit } of directive.Metrics) {
    expect(line[Name]).toEqual(expect.any(Number));
    expect(Unit).toBe(Name === 'AnswerSeconds' ? 'Seconds' : 'Count');
  }
  expect(directive.Metrics).toHaveLength(2);
});

test('an entry that measures nothing stays as it is', () => {
  expect(lineOf({ what: 'swept', failures: 0 }, 'app-main', now)).toBe('{"what":"swept","failures":0}');
});
