import { buildSchema, parse, validate } from 'graphql';
import { beforeAll, expect, test } from 'vitest';
import { operations } from './operations.ts';

/** What AppSync and Amplify add to a schema before they read it. */
const additions = `
  scalar AWSDateTime scalar AWSJSON
  directive @model(queries: String, mutations: String, subscriptions: String) on OBJECT
`;

let schema: ReturnType<typeof buildSchema>;

beforeAll(async () => {
  const { data } = await import('../../amplify/data/resource.ts');
  const { props } = data as unknown as { props: { schema: { transform(): { schema: string } } } };
  const definition = props.schema.transform().schema.replaceAll(/ @\w+(\([^)]*(\([^)]*\)[^)]*)*\))?/g, '');
  schema = buildSchema(additions + definition, { assumeValid: true });
});

test.each(Object.entries(operations))('the document of %s fits the contract', (_, { document }) => {
  expect(validate(schema, parse(document))).toEqual([]);
});

test('a document that asks for what is not there is refused', () => {
  expect(validate(schema, parse('query { agent nothing }'))).toHaveLength(1);
});
