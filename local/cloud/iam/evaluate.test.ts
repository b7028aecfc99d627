// biome-ignore-all lint/suspicious/noTemplateCurlyInString: policy variables look like that
import { expect, test } from 'vitest';
import type { ConditionContext } from '../service.ts';
import { requestContext } from './conditions.ts';
import { evaluate } from './evaluate.ts';
import type { Statement } from './policy.ts';

const allow = (rest: Partial<Statement> = {}): Statement => ({
  Effect: 'Allow',
  Action: '*',
  Resource: '*',
  ...rest,
});
const deny = (rest: Partial<Statement> = {}): Statement => ({
  Effect: 'Deny',
  Action: '*',
  Resource: '*',
  ...rest,
});

function decide(
  statements: readonly Statement[],
  { action = 's3:GetObject', resource = 'arn:aws:s3:::b/k', context = {} as ConditionContext } = {},
) {
  return evaluate(statements, { action, resource, context: requestContext(context) });
}
const holds = (Condition: Statement['Condition'], context: ConditionContext) =>
  decide([allow({ Condition })], { context }) === 'allow';

test('nothing is allowed that no statement allows, and a deny wins over any allow', () => {
  expect(decide([])).toBe('implicit-deny');
  expect(decide([allow()])).toBe('allow');
  expect(decide([allow(), deny({ Action: 's3:Get*' })])).toBe('explicit-deny');
  expect(decide([allow(), deny({ Action: 's3:Put*' })])).toBe('allow');
});

test.each([
  ['s3:Get*', 's3:GetObject', true],
  ['S3:getobject', 's3:GetObject', true],
  ['s3:?etObject', 's3:GetObject', true],
  ['s3:GetObjectAcl', 's3:GetObject', false],
  ['s3:*Object*', 's3:GetObjectAcl', true],
  ['*', 'dynamodb:Query', true],
])('the action %s against %s gives %s', (Action, action, expected) => {
  expect(decide([allow({ Action })], { action }) === 'allow').toBe(expected);
});

test('NotAction and NotResource take everything else', () => {
  expect(decide([allow({ Action: undefined, NotAction: 's3:Delete*' })])).toBe('allow');
  expect(decide([allow({ Action: undefined, NotAction: 's3:Get*' })])).toBe('implicit-deny');
  expect(decide([allow(), deny({ Resource: undefined, NotResource: 'arn:aws:s3:::b/*' })])).toBe('allow');
  expect(decide([allow(), deny({ Resource: undefined, NotResource: 'arn:aws:s3:::c/*' })])).toBe(
    'explicit-deny',
  );
});

test('a policy variable is the caller, literally: its asterisk matches nothing else', () => {
  const own = [allow({ Resource: 'arn:aws:s3:::b/${cognito-identity.amazonaws.com:sub}/*' })];
  const as = (sub: string | undefined, resource: string) =>
    decide(own, { resource, context: { 'cognito-identity.amazonaws.com:sub': sub } });
  expect(as('me', 'arn:aws:s3:::b/me/file')).toBe('allow');
  expect(as('me', 'arn:aws:s3:::b/you/file')).toBe('implicit-deny');
  expect(as('*', 'arn:aws:s3:::b/you/file')).toBe('implicit-deny');
  expect(as(undefined, 'arn:aws:s3:::b//file')).toBe('implicit-deny');
  expect(
    decide([allow({ Resource: "arn:aws:s3:::b/${aws:username, 'none'}" })], {
      resource: 'arn:aws:s3:::b/none',
    }),
  ).toBe('allow');
});

test.each<[string, string | string[], ConditionContext, boolean]>([
  ['StringEquals', 'a', { k: 'a' }, true],
  ['StringEquals', ['a', 'b'], { K: 'b' }, true],
  ['StringEquals', 'a', { k: 'A' }, false],
  ['StringEquals', 'a', {}, false],
  ['StringEqualsIfExists', 'a', {}, true],
  ['StringEqualsIfExists', 'a', { k: 'b' }, false],
  ['StringNotEquals', ['a', 'b'], { k: 'c' }, true],
  ['StringNotEquals', ['a', 'b'], { k: 'b' }, false],
  ['StringNotEquals', 'a', {}, true],
  ['StringEqualsIgnoreCase', 'AbC', { k: 'aBc' }, true],
  ['StringLike', 'a*c?', { k: 'abbbcd' }, true],
  ['StringNotLike', 'a*', { k: 'abc' }, false],
  ['ArnLike', 'arn:aws:ecs:*:0:cluster/*', { k: 'arn:aws:ecs:us-east-1:0:cluster/x' }, true],
  ['ArnLike', 'arn:aws:*:cluster/x', { k: 'arn:aws:ecs:us-east-1:0:cluster/x' }, false],
  ['ArnEquals', 'arn:aws:ecs:us-east-1:0:cluster/x', { k: 'arn:aws:ecs:us-east-1:0:cluster/y' }, false],
  ['ArnNotEquals', 'arn:aws:ecs:us-east-1:0:cluster/x', { k: 'arn:aws:ecs:us-east-1:0:cluster/y' }, true],
  ['NumericLessThanEquals', '10', { k: '10' }, true],
  ['NumericGreaterThan', '10', { k: '9.5' }, false],
  ['NumericLessThan', '10', { k: 'many' }, false],
  ['DateLessThan', '2026-01-01T00:00:00Z', { k: '2025-12-31T23:59:59Z' }, true],
  ['DateGreaterThan', '2026-01-01T00:00:00Z', { k: '2025-12-31T23:59:59Z' }, false],
  ['Bool', 'true', { k: 'true' }, true],
  ['IpAddress', '10.0.0.0/8', { k: '10.1.2.3' }, true],
  ['NotIpAddress', '10.0.0.0/8', { k: '10.1.2.3' }, false],
  ['Null', 'true', {}, true],
  ['Null', 'true', { k: 'x' }, false],
  ['Null', 'false', { k: 'x' }, true],
  ['ForAllValues:StringEquals', ['a', 'b'], { k: ['a', 'a'] }, true],
  ['ForAllValues:StringEquals', ['a', 'b'], { k: ['a', 'c'] }, false],
  ['ForAllValues:StringEquals', ['a'], {}, true],
  ['ForAnyValue:StringEquals', ['a'], { k: ['c', 'a'] }, true],
  ['ForAnyValue:StringEquals', ['a'], { k: ['c'] }, false],
  ['ForAnyValue:StringEquals', ['a'], {}, false],
  ['ForAnyValue:StringNotEquals', ['a'], { k: ['a', 'b'] }, true],
])('%s %j against %j gives %s', (operator, expected, context, held) => {
  expect(holds({ [operator]: { k: expected } }, context)).toBe(held);
});

test('all operators and keys of a condition must hold', () => {
  const condition = { StringEquals: { a: '1', b: '2' }, Bool: { c: 'true' } };
  expect(holds(condition, { a: '1', b: '2', c: 'true' })).toBe(true);
  expect(holds(condition, { a: '1', b: '3', c: 'true' })).toBe(false);
  expect(holds(condition, { a: '1', b: '2', c: 'false' })).toBe(false);
});

test('an unknown condition operator denies: an allow does not count and a deny applies', () => {
  const Condition = { StringResembles: { k: 'a' } };
  expect(decide([allow({ Condition })], { context: { k: 'a' } })).toBe('implicit-deny');
  expect(decide([allow(), deny({ Condition })], { context: { k: 'a' } })).toBe('explicit-deny');
  const others = { ...Condition, StringEquals: { k: 'b' } };
  expect(decide([allow(), deny({ Condition: others })], { context: { k: 'a' } })).toBe('allow');
});
