import { describe, expect, it } from 'vitest';
import { GetCommand, UpdateCommand } from '../../../amplify/adapters/dynamo-command.ts';
import { countingTables } from './counting-tables.ts';
import { holds, updated } from './expression.ts';
import { simulate } from './simulate.ts';

describe('many owners at a time', () => {
  it('are answered, each by one task, at a cost that does not depend on how many there are', async () => {
    const few = await simulate({ owners: 200, conversationsEach: 2, perSecond: 10, seconds: 5 });
    const many = await simulate({ owners: 20_000, conversationsEach: 100, perSecond: 10, seconds: 5 });
    for (const { sent, answered, doubleStarts } of [few, many])
      expect([answered, doubleStarts]).toEqual([sent, 0]);
    const ratio = many.used.writes / many.sent / (few.used.writes / few.sent);
    expect(ratio).toBeGreaterThan(0.9);
    expect(ratio).toBeLessThan(1.1);
    expect(many.busiest.units).toBeLessThan(1_000);
  });
});

describe('the counting tables', () => {
  const make = () => countingTables({ T: { key: ['id'], indexes: { byShard: ['shard', 'at'] } } }, () => 0);
  it('count a write by the kilobyte, and once more for each index that the row stands in', async () => {
    const { document, used } = make();
    const put = (size: number, shard?: string) =>
      document.send(
        new UpdateCommand({
          TableName: 'T',
          Key: { id: 'a' },
          UpdateExpression: 'SET body = :body, #at = :at, shard = :shard',
          ExpressionAttributeNames: { '#at': 'at' },
          ExpressionAttributeValues: { ':body': 'x'.repeat(size), ':at': size, ':shard': shard },
        }),
      );
    await put(10);
    expect(used.writes).toBe(1);
    await put(1_500, 's');
    expect(used.writes).toBe(1 + 2 + 2);
    // Moved within the index.
    await put(1_600, 's');
    expect(used.writes).toBe(5 + 2 + 4);
    await document.send(new GetCommand({ TableName: 'T', Key: { id: 'a' } }));
    expect(used.reads).toBe(1);
  });
  it('know no scan', async () => {
    const scan = { operation: 'Scan', input: { TableName: 'T' }, output: {} };
    await expect(make().document.send(scan)).rejects.toThrow(/Scan/);
  });
});

describe('expressions', () => {
  const by = {
    names: { '#s': 'state' },
    values: { ':a': 'asleep', ':n': 2, ':k': 'c#1', ':set': new Set(['c#1']) },
  };
  it.each([
    ['attribute_not_exists(#s) OR size(pending) < :n', { state: 'x', pending: new Set(['c']) }, true],
    ['NOT #s IN (:a, :k) AND n <= :n', { state: 'awake', n: 2 }, true],
    ['(attribute_exists(#s) AND contains(pending, :k))', { state: 'x', pending: new Set(['c#2']) }, false],
    ['n < :n', {}, false],
  ])('%s', (expression, item, expected) => {
    expect(holds(expression, item, by)).toBe(expected);
  });
  it('change what they name and nothing else', () => {
    expect(
      updated(
        'SET n = if_not_exists(n, :n), #s = :a ADD seq :n, pending :set REMOVE old',
        { old: 1, keep: 1 },
        by,
      ),
    ).toEqual({
      ...{ keep: 1, n: 2, state: 'asleep', seq: 2 },
      pending: new Set(['c#1']),
    });
    expect(updated('DELETE pending :set', { pending: new Set(['c#1']) }, by)).toEqual({});
  });
  it('that are of another part of the language are refused', () => {
    expect(() => holds('begins_with(a, :a)', {}, by)).toThrow();
    expect(() => updated('SET a[0] = :a', {}, by)).toThrow();
  });
});
