import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Attribute, fromAttributes, toAttributes } from './dynamo-attribute.ts';
import { BatchGetCommand, TransactWriteCommand } from './dynamo-command.ts';
import { dynamoDocument } from './dynamo-document.ts';

test('a row comes back from its attributes as it was', () => {
  const leaf = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
    fc.boolean(),
    fc.constant(null),
    fc.uniqueArray(fc.string(), { minLength: 1 }).map((names) => new Set(names)),
  );
  const { value } = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      leaf,
      fc.array(tie('value')),
      fc.dictionary(fc.string(), tie('value'), { noNullPrototype: true }),
    ),
  }));
  fc.assert(
    fc.property(fc.dictionary(fc.string(), value, { noNullPrototype: true }), (row) => {
      const wire = JSON.parse(JSON.stringify(toAttributes(row))) as Record<string, Attribute>;
      expect(fromAttributes(wire)).toEqual(row);
    }),
  );
});

test('what is undefined is left out, at any depth', () => {
  expect(toAttributes({ a: undefined, b: { c: undefined, d: [1, undefined] } })).toEqual({
    b: { M: { d: { L: [{ N: '1' }] } } },
  });
});

test.each([[Number.NaN], [Number.POSITIVE_INFINITY], [new Date(0)], [() => 1]])(
  '%s is no value of a row',
  (value) => {
    expect(() => toAttributes({ value })).toThrow(TypeError);
  },
);

test('rows are converted wherever a request or an answer holds them, and nowhere else', async () => {
  const bodies: unknown[] = [];
  const rest = { Keys: [{ id: { S: 'b' } }], ConsistentRead: true };
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    bodies.push(JSON.parse(Buffer.concat(chunks).toString()));
    response.end(
      JSON.stringify({ Responses: { Items: [{ n: { N: '1' } }] }, UnprocessedKeys: { Items: rest } }),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const document = dynamoDocument({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: 'us-east-1',
    credentials: () => ({ accessKeyId: 'test', secretAccessKey: 'test' }),
  });
  // A table may be called as a field is.
  const Keys = [{ id: 'a' }, { id: 'b' }];
  const found = await document.send(
    new BatchGetCommand({ RequestItems: { Items: { Keys, ExpressionAttributeNames: { '#s': 'status' } } } }),
  );
  expect(found.Responses).toEqual({ Items: [{ n: 1 }] });
  expect(found.UnprocessedKeys).toEqual({ Items: { Keys: [{ id: 'b' }], ConsistentRead: true } });
  const put = { TableName: 'T', Item: { id: 'a', names: new Set(['x']) } };
  await document.send(new TransactWriteCommand({ TransactItems: [{ Put: put }] }));
  expect(bodies).toEqual([
    {
      RequestItems: {
        Items: {
          Keys: [{ id: { S: 'a' } }, { id: { S: 'b' } }],
          ExpressionAttributeNames: { '#s': 'status' },
        },
      },
    },
    { TransactItems: [{ Put: { TableName: 'T', Item: { id: { S: 'a' }, names: { SS: ['x'] } } } }] },
  ]);
  server.close();
});
