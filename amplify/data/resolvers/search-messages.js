import { util } from '@aws-appsync/utils';

/** Messages that are looked at in one page; DynamoDB also ends a page at one megabyte. */
const pageSize = 500;
const maxTextLength = 200;
/** Characters of a message that are shown before and after what was found. */
const before = 40;
const after = 120;

/**
 * Reads a part of the caller's messages, of the conversations from one id to another, and gives those that hold the
 * text. Upper and lower case are one, which no filter of DynamoDB's can do: this code looks at what was read.
 */
export function request(ctx) {
  const text = ctx.args.text.trim();
  if (text === '' || text.length > maxTextLength) {
    util.error(`search.text_invalid: empty, or longer than ${maxTextLength}`, 'search.text_invalid');
  }
  return {
    operation: 'Query',
    query: {
      expression: '#owner = :owner AND #key BETWEEN :from AND :to',
      expressionNames: { '#owner': 'owner', '#key': 'conversationId#id' },
      expressionValues: util.dynamodb.toMapValues({
        ':owner': ctx.identity.sub,
        ':from': `${ctx.args.from}#`,
        ':to': `${ctx.args.to}#~`,
      }),
    },
    projection: {
      expression: '#conversationId, #id, #acceptedAt, #text, #answer',
      expressionNames: {
        '#conversationId': 'conversationId',
        '#id': 'id',
        '#acceptedAt': 'acceptedAt',
        '#text': 'text',
        '#answer': 'answer',
      },
    },
    scanIndexForward: false,
    limit: pageSize,
    nextToken: ctx.args.nextToken,
  };
}

export function response(ctx) {
  if (ctx.error) {
    util.error(ctx.error.message, ctx.error.type);
  }
  const wanted = ctx.args.text.trim().toLowerCase();
  const found = ctx.result.items.filter(
    (row) => row.text.toLowerCase().includes(wanted) || (row.answer ?? '').toLowerCase().includes(wanted),
  );
  const items = found.map((row) => hitOf(row, wanted));
  return { items: JSON.stringify(items), nextToken: ctx.result.nextToken };
}

function hitOf(row, wanted) {
  const inText = row.text.toLowerCase().indexOf(wanted);
  const whole = inText < 0 ? row.answer : row.text;
  const at = inText < 0 ? row.answer.toLowerCase().indexOf(wanted) : inText;
  const start = Math.max(0, at - before);
  const end = Math.min(whole.length, at + wanted.length + after);
  return {
    conversationId: row.conversationId,
    messageId: row.id,
    acceptedAt: row.acceptedAt,
    snippet: `${start > 0 ? '…' : ''}${whole.slice(start, end)}${end < whole.length ? '…' : ''}`,
  };
}
