import { createHash } from 'node:crypto';
import { database, parse, run } from './dynalite.ts';
import { itemOf, tableOf, withItem } from './items.ts';
import { type Body, failure, isFailure, type Parsed, type Store } from './model.ts';

const kinds = {
  Put: 'PutItem',
  Update: 'UpdateItem',
  Delete: 'DeleteItem',
  ConditionCheck: 'DeleteItem',
} as const;
type Kind = keyof typeof kinds;

const maxItems = 100;
const tokenLifetimeMs = 10 * 60_000;

/** Client tokens of the last ten minutes, with what they stand for. */
export type Tokens = Map<string, { readonly fingerprint: string; readonly at: number }>;

/** The operations of a transaction, e.g. `{ kind: 'Put', body: { TableName, Item } }`. Throws a Failure. */
export function transactItems(body: Body): readonly { readonly kind: string; readonly body: Body }[] {
  const items = body.TransactItems;
  if (!Array.isArray(items) || items.length < 1 || items.length > maxItems) {
    throw failure('ValidationException', `TransactItems must have between 1 and ${maxItems} members`);
  }
  return items.map((item: Record<string, Body>) => {
    const [[kind, inner] = [], ...others] = Object.entries(item ?? {}).filter(([, value]) => value);
    if (kind === undefined || inner === undefined || others.length > 0) {
      throw failure(
        'ValidationException',
        'TransactItems can only contain one of Check, Put, Update, Delete or Get',
      );
    }
    return { kind, body: inner };
  });
}

/**
 * TransactWriteItems inside a unit of work: all conditions hold and all is written, or nothing is.
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
 */
export async function transactWrite(
  body: Body,
  store: Store,
  { tokens, now }: { readonly tokens: Tokens; readonly now: () => Date },
): Promise<Body> {
  const token = body.ClientRequestToken;
  const fingerprint = createHash('sha256').update(JSON.stringify(body.TransactItems)).digest('hex');
  const known = typeof token === 'string' ? tokens.get(token) : undefined;
  if (known !== undefined && now().getTime() - known.at < tokenLifetimeMs) {
    if (known.fingerprint === fingerprint) return {};
    throw failure(
      'IdempotentParameterMismatchException',
      'The request uses the same client token as a previous, but non-identical request.',
    );
  }
  const requests = transactItems(body).map(({ kind, body: inner }) => {
    if (!isKind(kind)) throw failure('ValidationException', `A write transaction cannot hold ${kind}`);
    return { kind, body: inner, request: parse(kinds[kind], inner, store) };
  });
  await refuseRepeats(
    requests.map((each) => each.request),
    store,
  );
  const reasons: Body[] = [];
  for (const { kind, body: inner, request } of requests) {
    const work = kind === 'ConditionCheck' ? check(request, store) : run(kinds[kind], request, store);
    reasons.push(
      await work.then(
        () => ({ Code: 'None' }),
        async (error: unknown) =>
          reasonOf(await withItem(error, inner.ReturnValuesOnConditionCheckFailure, request, store)),
      ),
    );
  }
  if (reasons.some((reason) => reason.Code !== 'None')) throw cancelled(reasons);
  if (typeof token === 'string') tokens.set(token, { fingerprint, at: now().getTime() });
  for (const [old, { at }] of tokens) if (now().getTime() - at >= tokenLifetimeMs) tokens.delete(old);
  return {};
}

/** TransactGetItems. The caller holds the write lock, so that no write happens between the reads. */
export async function transactGet(body: Body, store: Store): Promise<Body> {
  const requests = transactItems(body).map(({ kind, body: inner }) => {
    if (kind !== 'Get') throw failure('ValidationException', `A read transaction cannot hold ${kind}`);
    return parse('GetItem', { ...inner, ConsistentRead: true }, store);
  });
  return { Responses: await Promise.all(requests.map((request) => run('GetItem', request, store))) };
}

const isKind = (kind: string): kind is Kind => Object.hasOwn(kinds, kind);

async function check(request: Parsed, store: Store): Promise<Body> {
  const invalid = database.validateKey(request.Key ?? {}, await tableOf(request.TableName, store));
  const failed = invalid ?? database.checkConditional(request, await itemOf(request, store));
  if (failed) throw failed;
  return {};
}

async function refuseRepeats(requests: readonly Parsed[], store: Store): Promise<void> {
  const seen = new Set<string>();
  for (const request of requests) {
    const table = await tableOf(request.TableName, store);
    const subject = request.Key ?? request.Item ?? {};
    const named = table.KeySchema.map(({ AttributeName }) => subject[AttributeName]);
    const key = JSON.stringify([request.TableName, named]);
    if (seen.has(key)) {
      throw failure(
        'ValidationException',
        'Transaction request cannot include multiple operations on one item',
      );
    }
    seen.add(key);
  }
}

function reasonOf(error: unknown): Body {
  if (!isFailure(error)) throw error;
  const code =
    String(error.body.__type)
      .split('#')
      .at(-1)
      ?.replace(/Exception$/, '') ?? '';
  const known: Record<string, string> = {
    ConditionalCheckFailed: 'ConditionalCheckFailed',
    Validation: 'ValidationError',
  };
  const { Item } = error.body;
  return { Code: known[code] ?? code, Message: error.message, ...(Item === undefined ? {} : { Item }) };
}

function cancelled(reasons: readonly Body[]): Error {
  const codes = reasons.map((reason) => reason.Code).join(', ');
  const message = `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`;
  return failure('TransactionCanceledException', message, { Message: message, CancellationReasons: reasons });
}
