import type { Plugin } from 'vite';

/** How zod's schemas (v4) hang on to what writes JSON schemas, which the page never does; 8 kB of a chat's budget. */
const processors =
  /inst\._zod\.processJSONSchema = \(ctx, json, params\) => processors\.\w+\(inst, ctx, json, params\);/g;
const methods = /\bcreate(Standard|To)JSONSchemaMethod\(this, [^)]*\)/g;

/** The same module without it: its methods for JSON schemas are undefined. Throws when zod is not as it was. */
export function withoutJsonSchemas(code: string): string {
  const lean = code.replace(processors, '').replace(methods, 'undefined');
  if (lean.length === code.length || lean.includes('JSONSchemaMethod(')) {
    throw new Error('zod is not as lean-zod.ts expects it');
  }
  return lean;
}

/** A Vite plugin: leaves out of the page what zod has for JSON schemas. */
export const leanZod: Plugin = {
  name: 'lean-zod',
  apply: 'build',
  enforce: 'pre',
  transform(code, id) {
    // Line by line as it was: what finds its way by lines still does.
    return id.endsWith('/zod/v4/classic/schemas.js') ? { code: withoutJsonSchemas(code), map: null } : null;
  },
};
