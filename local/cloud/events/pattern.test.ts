import { expect, test } from 'vitest';
import { compilePattern } from './pattern.ts';

const stopped = {
  source: 'aws.ecs',
  'detail-type': 'ECS Task State Change',
  resources: ['arn:task/1'],
  detail: { lastStatus: 'STOPPED', clusterArn: 'arn:cluster/a', version: 5, stoppedReason: '' },
};

test.each([
  [
    'exact values in nested objects',
    { source: ['aws.ecs'], detail: { lastStatus: ['RUNNING', 'STOPPED'] } },
    true,
  ],
  ['another value', { detail: { lastStatus: ['RUNNING'] } }, false],
  ['an element of a list', { resources: [{ prefix: 'arn:task' }] }, true],
  ['a suffix', { detail: { clusterArn: [{ suffix: '/a' }] } }, true],
  ['anything but', { detail: { lastStatus: [{ 'anything-but': ['STOPPED'] }] } }, false],
  ['anything but a prefix', { detail: { lastStatus: [{ 'anything-but': { prefix: 'RUN' } }] } }, true],
  ['a field that is absent', { detail: { stopCode: [{ exists: false }] } }, true],
  ['a field that must exist', { detail: { stopCode: [{ exists: true }] } }, false],
  ['a numeric range', { detail: { version: [{ numeric: ['>', 3, '<=', 5] }] } }, true],
  ['a number outside', { detail: { version: [{ numeric: ['>', 5] }] } }, false],
  ['a wildcard', { detail: { clusterArn: [{ wildcard: 'arn:*/a' }] } }, true],
  ['any of several patterns', { $or: [{ source: ['x'] }, { detail: { version: [5] } }] }, true],
  ['case folded text', { detail: { lastStatus: [{ 'equals-ignore-case': 'stopped' }] } }, true],
  ['empty text', { detail: { stoppedReason: [''] } }, true],
])('%s', (_title, pattern, expected) => {
  expect(compilePattern(pattern)(stopped)).toBe(expected);
});

test('an operator that is not known here is refused by its name', () => {
  expect(() => compilePattern({ detail: { ip: [{ cidr: '10.0.0.0/8' }] } })).toThrow("'cidr'");
});
