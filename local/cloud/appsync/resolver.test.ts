import { describe, expect, it } from 'vitest';
import type { ResolverDefinition } from './api.ts';
import { jsMapping } from './js/mapping.ts';
import type { Json } from './json.ts';
import { createCall, createMappingContext } from './mapping-under-test.ts';
import { runResolver } from './resolver.ts';
import { ResolverError } from './resolver-error.ts';
import { vtlMapping } from './vtl/mapping.ts';

const js = (request: string, response = 'return ctx.result;') =>
  jsMapping(
    'step',
    `import { util, runtime } from '@aws-appsync/utils';
     export function request(ctx) { ${request} }
     export function response(ctx) { ${response} }`,
  );

function run(definition: ResolverDefinition, source: (request: Json) => Json = (request) => request) {
  const requests: Json[] = [];
  const context = createMappingContext({ arguments: { n: 1 } });
  const result = runResolver(definition, context, createCall(), async (_, request) => {
    requests.push(request);
    return source(request);
  });
  return { result, requests, context };
}

const pipeline = (before: string, after: string, ...steps: [string, string?][]): ResolverDefinition => ({
  mapping: js(before, after),
  functions: steps.map(([request, response], index) => ({
    name: `step${index}`,
    dataSource: 'source',
    mapping: js(request, response),
  })),
});

const refused = () => {
  throw new ResolverError('No', 'DynamoDB:ConditionalCheckFailedException', { current: 1 });
};

describe('a pipeline', () => {
  it('hands the previous result and the stash from step to step', async () => {
    const { result, requests } = run(
      pipeline(
        'ctx.stash.n = ctx.args.n; return { from: "before" };',
        'return [ctx.prev.result, ctx.result, ctx.stash.n];',
        ['ctx.stash.n += 1; return ctx.prev.result;', 'return { from: "first" };'],
        ['return [ctx.prev.result, ctx.stash.n];'],
      ),
    );
    expect(await result).toEqual([[{ from: 'first' }, 2], [{ from: 'first' }, 2], 2]);
    expect(requests).toEqual([{ from: 'before' }, [{ from: 'first' }, 2]]);
  });

  it('skips the source and the response of a step that returns early', async () => {
    const { result, requests } = run(
      pipeline(
        'return {};',
        'return ctx.prev.result;',
        ['runtime.earlyReturn("early");', 'return "never";'],
        ['return 2;', 'return [ctx.prev.result];'],
      ),
    );
    expect(await result).toEqual(['early']);
    expect(requests).toEqual([2]);
  });

  it('goes straight to the response handler from earlyReturn to END, and from the request handler', async () => {
    const toEnd = run(
      pipeline(
        'return {};',
        'return [ctx.prev.result];',
        ["runtime.earlyReturn(1, { skipTo: 'END' });"],
        ['return 2;'],
      ),
    );
    expect([await toEnd.result, toEnd.requests]).toEqual([[1], []]);
    const before = run(pipeline('runtime.earlyReturn(3);', 'return [ctx.prev.result];', ['return 2;']));
    expect([await before.result, before.requests]).toEqual([[3], []]);
  });

  it('shows a failed step its error and the data that came with it, and goes on when the step says so', async () => {
    const { result } = run(
      pipeline('return {};', 'return [ctx.prev.result, ctx.error === undefined];', [
        'return {};',
        'return [ctx.error.type, ctx.error.message, ctx.result];',
      ]),
      refused,
    );
    expect(await result).toEqual([['DynamoDB:ConditionalCheckFailedException', 'No', { current: 1 }], true]);
  });

  it('ends with the error that a step raises', async () => {
    const { result } = run(
      pipeline(
        'return {};',
        'return "never";',
        ['return {};', 'util.error(ctx.error.message, "Mine");'],
        ['return 1;'],
      ),
      refused,
    );
    await expect(result).rejects.toMatchObject({ message: 'No', errorType: 'Mine' });
  });
});

describe('a unit resolver', () => {
  it('returns what its response makes of the source', async () => {
    const { result } = run({
      mapping: js('return { payload: 2 };', 'return ctx.result.payload + ctx.args.n;'),
      dataSource: 's',
    });
    expect(await result).toBe(3);
  });

  it('in VTL of 2017-02-28 fails with the source, in 2018-05-29 asks its response template', async () => {
    const vtl = (version: string) => ({
      mapping: vtlMapping('unit', `{"version": "${version}"}`, '{"caught": "$ctx.error.message"}'),
      dataSource: 's',
    });
    await expect(run(vtl('2017-02-28'), refused).result).rejects.toThrow('No');
    expect(await run(vtl('2018-05-29'), refused).result).toEqual({ caught: 'No' });
  });

  it('in VTL leaves the whole pipeline at #return of its first template', async () => {
    const mapping = vtlMapping('pipeline', '#return({"a": 1})', '"never"');
    const step = { name: 'step', dataSource: 's', mapping: js('return 1;') };
    const { result, requests } = run({ mapping, functions: [step] });
    expect([await result, requests]).toEqual([{ a: 1 }, []]);
  });

  it('in VTL leaves the whole resolver at #return', async () => {
    const { result, requests } = run({
      mapping: vtlMapping('unit', '#return({"a": 1})', '"never"'),
      dataSource: 's',
    });
    expect([await result, requests]).toEqual([{ a: 1 }, []]);
  });
});
