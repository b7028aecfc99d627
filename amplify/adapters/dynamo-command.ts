/** A row or a key, as JavaScript has it. What is undefined is left out. */
export type Row = Record<string, unknown>;

interface Expressions {
  readonly ExpressionAttributeNames?: Record<string, string> | undefined;
  readonly ExpressionAttributeValues?: Row | undefined;
}
interface Conditional extends Expressions {
  readonly TableName: string;
  readonly ConditionExpression?: string | undefined;
}
interface Reading {
  readonly ConsistentRead?: boolean | undefined;
  readonly ProjectionExpression?: string | undefined;
}
type Returned = 'NONE' | 'ALL_OLD' | 'ALL_NEW' | 'UPDATED_OLD' | 'UPDATED_NEW';

export interface GetInput extends Reading {
  readonly TableName: string;
  readonly Key: Row;
  readonly ExpressionAttributeNames?: Record<string, string> | undefined;
}
export interface PutInput extends Conditional {
  readonly Item: Row;
}
export interface DeleteInput extends Conditional {
  readonly Key: Row;
}
export interface UpdateInput extends Conditional {
  readonly Key: Row;
  readonly UpdateExpression: string;
  readonly ReturnValues?: Returned | undefined;
}
export interface QueryInput extends Expressions, Reading {
  readonly TableName: string;
  readonly IndexName?: string | undefined;
  readonly KeyConditionExpression: string;
  readonly FilterExpression?: string | undefined;
  readonly ScanIndexForward?: boolean | undefined;
  readonly Select?: 'COUNT' | undefined;
  readonly Limit?: number | undefined;
  readonly ExclusiveStartKey?: Row | undefined;
}
/** Which rows of a table are asked for. */
export interface TableKeys extends Reading {
  readonly Keys: Row[];
  readonly ExpressionAttributeNames?: Record<string, string> | undefined;
}
export interface BatchGetInput {
  readonly RequestItems: Record<string, TableKeys>;
}
export interface TransactWriteInput {
  readonly TransactItems: {
    readonly Put?: PutInput;
    readonly Delete?: DeleteInput;
    readonly Update?: Omit<UpdateInput, 'ReturnValues'>;
    readonly ConditionCheck?: DeleteInput;
  }[];
}

/** One operation on tables, named as in `@aws-sdk/lib-dynamodb`. */
abstract class Command<Input extends object, Output> {
  readonly input: Input;
  /** As DynamoDB calls it. */
  abstract readonly operation: string;
  /** Never set: ties an output to its command. */
  declare readonly output: Output;
  constructor(input: Input) {
    this.input = input;
  }
}

export type { Command };

export class GetCommand extends Command<GetInput, { Item?: Row }> {
  readonly operation = 'GetItem';
}
export class PutCommand extends Command<PutInput, object> {
  readonly operation = 'PutItem';
}
export class DeleteCommand extends Command<DeleteInput, object> {
  readonly operation = 'DeleteItem';
}
export class UpdateCommand extends Command<UpdateInput, { Attributes?: Row }> {
  readonly operation = 'UpdateItem';
}
export class QueryCommand extends Command<
  QueryInput,
  { Items?: Row[]; Count?: number; LastEvaluatedKey?: Row }
> {
  readonly operation = 'Query';
}
export class BatchGetCommand extends Command<
  BatchGetInput,
  { Responses?: Record<string, Row[]>; UnprocessedKeys?: Record<string, TableKeys> }
> {
  readonly operation = 'BatchGetItem';
}
export class TransactWriteCommand extends Command<TransactWriteInput, object> {
  readonly operation = 'TransactWriteItems';
}
