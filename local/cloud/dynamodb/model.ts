/** A request or an answer of the API. */
export type Body = Readonly<Record<string, unknown>>;

/** `{ S: 'text' }` and the like. */
export type AttributeValue = Readonly<Record<string, unknown>>;
export type Attributes = Readonly<Record<string, AttributeValue>>;

export type Path = readonly (string | number)[];

/** A request whose expressions dynalite has parsed. */
export interface Parsed {
  readonly TableName: string;
  readonly IndexName?: string;
  readonly Key?: Attributes;
  readonly Item?: Attributes;
  readonly Select?: string;
  readonly ReturnValues?: string;
  readonly AttributesToGet?: readonly string[];
  readonly KeyConditions?: Readonly<
    Record<string, { readonly AttributeValueList?: readonly AttributeValue[] }>
  >;
  readonly RequestItems?: Readonly<Record<string, unknown>>;
  readonly _condition?: { readonly pathHeads: Readonly<Record<string, true>> };
  readonly _filter?: { readonly pathHeads: Readonly<Record<string, true>> };
  readonly _projection?: { readonly paths: readonly Path[] };
  readonly _updates?: { readonly paths: readonly Path[] };
}

interface KeyPart {
  readonly AttributeName: string;
  readonly KeyType: 'HASH' | 'RANGE';
}

export interface IndexRecord {
  readonly IndexName: string;
  readonly KeySchema: readonly KeyPart[];
  readonly Projection: { readonly ProjectionType: string; readonly NonKeyAttributes?: readonly string[] };
}

/** A table as dynalite keeps it. */
export interface TableRecord {
  readonly TableName: string;
  readonly TableStatus: string;
  readonly KeySchema: readonly KeyPart[];
  readonly AttributeDefinitions: readonly {
    readonly AttributeName: string;
    readonly AttributeType: string;
  }[];
  readonly GlobalSecondaryIndexes?: readonly IndexRecord[];
  readonly LocalSecondaryIndexes?: readonly IndexRecord[];
}

/** An error that is an answer: dynalite throws them, and so does this folder. */
export interface Failure extends Error {
  readonly statusCode: number;
  readonly body: Body;
}

export function isFailure(error: unknown): error is Failure {
  return error instanceof Error && typeof (error as Partial<Failure>).statusCode === 'number';
}

/** Makes the error answer of DynamoDB. */
export function failure(code: string, message: string, more: Body = {}): Failure {
  const prefix =
    code === 'ValidationException' ? 'com.amazon.coral.validate#' : 'com.amazonaws.dynamodb.v20120810#';
  return Object.assign(new Error(message), {
    statusCode: 400,
    body: { __type: `${prefix}${code}`, message, ...more },
  });
}

type Done<Value> = (error: Error | null, value?: Value) => void;

/** Keys of one table or index inside the database. */
export interface Keyspace<Value = Attributes> {
  get(key: string, done: Done<Value>): void;
  put(key: string, value: Value, done: Done<void>): void;
  del(key: string, done: Done<void>): void;
  /** Runs `work` when no one else holds the key; it releases by calling what `release` wraps. */
  lock(key: string, work: (release: (done: Done<unknown>) => Done<unknown>) => void): void;
  createValueStream(options: object): AsyncIterable<Value>;
}

export type Operation =
  | { readonly type: 'put'; readonly key: string; readonly value: unknown }
  | { readonly type: 'del'; readonly key: string };

/** Dynalite's database: LevelDB with a keyspace for each table and index. */
export interface Store {
  readonly db: {
    readonly status: string;
    open(): Promise<void>;
    close(): Promise<void>;
    batch(operations: readonly Operation[]): Promise<void>;
    keys(range: { gte: string; lt: string }): AsyncIterable<string>;
  };
  readonly tableDb: Keyspace<TableRecord> & { awsAccountId: string; awsRegion: string };
  getTable(name: string, done: Done<TableRecord>): void;
  getTable(name: string, active: boolean, done: Done<TableRecord>): void;
  getItemDb(table: string): Keyspace;
  getIndexDb(kind: string, table: string, index: string): Keyspace;
}
