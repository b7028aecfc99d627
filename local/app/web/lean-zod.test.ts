import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { withoutJsonSchemas } from './lean-zod.ts';

const schemas = new URL('../../../node_modules/zod/v4/classic/schemas.js', import.meta.url);
const code = readFileSync(schemas, 'utf8');

test('what zod has for JSON schemas is left out of the page, and no line moves', () => {
  const lean = withoutJsonSchemas(code);
  expect(lean).not.toMatch(/processors\.\w+Processor|JSONSchemaMethod\(/);
  expect(lean.split('\n')).toHaveLength(code.split('\n').length);
});

test('another zod than the one it knows fails the build', () => {
  expect(() => withoutJsonSchemas('export const a = 1;')).toThrow('zod is not as');
});
