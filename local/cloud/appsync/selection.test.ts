import { type FieldNode, type OperationDefinitionNode, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { buildApiSchema } from './schema.ts';
import {
  type Fragments,
  selected,
  selectionDepth,
  selectionSetGraphQL,
  selectionSetList,
} from './selection.ts';

const schema = buildApiSchema(`
type Query { note: Note }
interface Thing { id: ID! }
type Note implements Thing { id: ID! title: String author: Author related: [Thing] }
type Author implements Thing { id: ID! name: String }
`);

function read(query: string) {
  const { definitions } = parse(query);
  const operation = definitions[0] as OperationDefinitionNode;
  const fragments: Fragments = Object.fromEntries(
    definitions.flatMap((node) => (node.kind === 'FragmentDefinition' ? [[node.name.value, node]] : [])),
  );
  return { set: operation.selectionSet, nodes: operation.selectionSet.selections as FieldNode[], fragments };
}

describe('a selection', () => {
  const { set, nodes, fragments } = read(`
    { note { key: id ...Rest author { name } related { id ... on Author { name } } } }
    fragment Rest on Note { title author { id } }`);

  it('is listed as paths, by alias, fragments included', () => {
    expect(selectionSetList(nodes, fragments)).toEqual([
      'key',
      'title',
      'author',
      'author/id',
      'author/name',
      'related',
      'related/id',
      'related/name',
    ]);
  });

  it('is written as GraphQL, and knows its depth', () => {
    expect(selectionSetGraphQL(read('{ note { id } }').nodes)).toBe('{\n  id\n}');
    expect(selectionDepth(set, fragments)).toBe(3);
  });

  it('takes from a value what it asks for, by field name', () => {
    const type = schema.getQueryType()?.getFields().note?.type;
    if (!type) throw new Error('There is no such field');
    const value = {
      key: 'n1',
      title: 't',
      secret: 's',
      author: { id: 'a1', name: 'Ann', secret: 's' },
      related: [
        { __typename: 'Author', id: 'a2', name: 'Bob' },
        { __typename: 'Note', id: 'n2', name: 'not of a note' },
      ],
    };
    expect(selected(schema, type, nodes, fragments, value, 'responseName')).toEqual({
      id: 'n1',
      title: 't',
      author: { id: 'a1', name: 'Ann' },
      related: [{ id: 'a2', name: 'Bob' }, { id: 'n2' }],
    });
  });
});
