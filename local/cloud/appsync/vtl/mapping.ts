import { isJsonObject, type Json } from '../json.ts';
import type { Evaluation, FieldCall, Mapping, MappingContext } from '../mapping.ts';
import { ResolverError } from '../resolver-error.ts';
import { render } from './interpreter.ts';
import { type Block, parseTemplate } from './syntax.ts';
import { vtlExtensions, vtlUtil } from './util.ts';
import { fromJson, toJsonObject, toJsonValue, type Value } from './values.ts';

/** AppSync's quota for one template, in characters. */
const MAX_TEMPLATE = 65_536;

/**
 * A resolver or function written in VTL. `name` is used in errors. A missing template passes the value through,
 * as AppSync does for a pipeline's before and after templates.
 */
export function vtlMapping(name: string, request: string | undefined, response: string | undefined): Mapping {
  const requestTemplate = compile(name, 'request', request);
  const responseTemplate = compile(name, 'response', response);
  return {
    request: (context, call) => (requestTemplate ? evaluate(requestTemplate, context, call) : { value: {} }),
    response: (context, call) =>
      responseTemplate ? evaluate(responseTemplate, context, call) : { value: context.result },
    raisesDataSourceErrors: (built) => isJsonObject(built) && built.version === '2017-02-28',
  };
}

function compile(name: string, half: string, source: string | undefined): Block | undefined {
  if (source === undefined || source.trim() === '') return undefined;
  if (source.length > MAX_TEMPLATE)
    throw new Error(`The ${half} template of ${name} is longer than ${MAX_TEMPLATE} characters`);
  try {
    // The parser takes a directive at the very end for text.
    return parseTemplate(`${source}\n`);
  } catch (error) {
    throw new Error(`The ${half} template of ${name} is not valid: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

function evaluate(template: Block, context: MappingContext, call: FieldCall): Evaluation {
  const args = fromJson(context.arguments) as Map<string, Value>;
  const stash = fromJson(context.stash) as Map<string, Value>;
  const ctx = new Map<string, Value>([
    ['arguments', args],
    ['args', args],
    ['stash', stash],
    ['source', fromJson(context.source)],
    ['identity', fromJson(context.identity)],
    [
      'request',
      fromJson({ headers: { ...context.request.headers }, domainName: context.request.domainName }),
    ],
    ['info', fromJson({ ...context.info })],
    ['env', fromJson({ ...context.env })],
    ['prev', fromJson({ result: context.prev })],
    ['result', fromJson(context.result)],
    ['error', context.error === null ? null : fromJson({ ...context.error })],
    ['outErrors', call.errors.map((error) => fromJson({ message: error.message, type: error.errorType }))],
  ]);
  const util = vtlUtil(call);
  const rendered = render(
    template,
    new Map<string, Value>([
      ['ctx', ctx],
      ['context', ctx],
      ['util', util],
      ['utils', util],
      ['extensions', vtlExtensions(call)],
    ]),
  );
  // #set($ctx.args.filter = …) and $ctx.stash.put(…) outlive the template.
  context.arguments = toJsonObject(args);
  context.stash = toJsonObject(stash);
  if ('returned' in rendered)
    return { value: returnedValue(toJsonValue(rendered.returned)), early: 'return' };
  return { value: parseOutput(rendered.text) };
}

/** `#return($util.toJson({}))` returns what the JSON text says, any other text returns itself. */
function returnedValue(value: Json): Json {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value) as Json;
  } catch {
    return value;
  }
}

function parseOutput(text: string): Json {
  const trimmed = text.trim();
  if (trimmed === '') return null;
  try {
    return JSON.parse(trimmed) as Json;
  } catch {
    throw new ResolverError(
      `Unable to transform the template's output, which is not JSON: ${trimmed.slice(0, 160)}`,
      'MappingTemplate',
    );
  }
}
