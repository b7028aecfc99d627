import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readXml, textOf, xml } from './xml.ts';

const signs = [
  '<',
  '>',
  '&',
  '"',
  "'",
  '&amp;',
  ']]>',
  '\r',
  '\n',
  '\t',
  '\u0001',
  ' ',
  'a',
  '/',
  'é',
  '한',
  '😀',
];

test('what is written is read again, whatever a key holds', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...signs)), (parts) => {
      const key = parts.join('');
      expect(textOf(readXml(xml('Object', { Key: key })), 'Key')).toBe(key);
    }),
  );
});

test.each([
  '',
  'text',
  '<a>',
  '<a></b>',
  '<a/><b/>',
  '<a>&unknown;</a>',
  '<a><</a>',
  '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>',
])('%j is refused', (source) => {
  expect(() => readXml(source)).toThrow(expect.objectContaining({ code: 'MalformedXML' }));
});
