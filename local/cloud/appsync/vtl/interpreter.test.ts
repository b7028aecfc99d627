import { describe, expect, it } from 'vitest';
import type { Json } from '../json.ts';
import { render } from './interpreter.ts';
import { parseTemplate } from './syntax.ts';
import { fromJson, toJsonValue, type Value } from './values.ts';

function run(template: string, variables: Record<string, Json> = {}) {
  const map = new Map<string, Value>(Object.entries(variables).map(([key, value]) => [key, fromJson(value)]));
  const rendered = render(parseTemplate(template), map);
  return 'returned' in rendered
    ? { returned: toJsonValue(rendered.returned) }
    : { text: rendered.text.trim(), variables: map };
}
const print = (template: string, variables?: Record<string, Json>) => run(template, variables).text;

describe('a template', () => {
  it.each([
    ['$a.b.c', { a: { b: { c: 'deep' } } }, 'deep'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: Velocity's own notation
    ['${a}b', { a: 'x' }, 'xb'],
    ['$a["k"] $a.get("k") $l[1] $l.get(0)', { a: { k: 1 }, l: ['p', 'q'] }, '1 1 q p'],
    ['$missing $!missing|$a.nothing', { a: {} }, '$missing |$a.nothing'],
    ['#set($x = {"a": [1, "two $y"], "n": null})$x', { y: 'z' }, '{a=[1, two z], n=null}'],
    ['#set($m.k = 1)#set($m["j"] = 2)$m.size() $m.keySet()', { m: {} }, '2 [k, j]'],
    ['#if($a == "b" && !$c)yes#elseif($a)no#{else}never#end', { a: 'b', c: false }, 'yes'],
    ['#if($empty)true#end#if($zero)true#end#if($no)false#end', { empty: '', zero: 0, no: false }, 'truetrue'],
    ['#foreach($i in [1..3])$i#if($foreach.hasNext),#end#end', {}, '1,2,3'],
    ['#foreach($v in $m)$v$velocityCount;#end', { m: { a: 'x', b: 'y' } }, 'x1;y2;'],
    ['#foreach($i in $l)#if($i == 2)#break#end$i#end', { l: [1, 2, 3] }, '1'],
    ['#set($n = 7 / 2 + 1 * 2 - 1)$n', {}, '4'],
    ['#set($s = "a,b")$s.split(",").size() $s.toUpperCase() $s.replaceAll("[ab]", "x")', {}, '2 A,B x,x'],
    ["#set($s = 'no $interpolation')$s", {}, 'no $interpolation'],
    ['"expression": "#key = :value"', {}, '"expression": "#key = :value"'],
    ['#set($e = "#k$n = :v")$e', { n: 1 }, '#k1 = :v'],
  ] satisfies [string, Record<string, Json>, string][])('%s prints %#', (template, variables, expected) => {
    expect(print(template, variables)).toBe(expected);
  });

  it('returns early with the value of #return and prints nothing more', () => {
    expect(run('before #if(true)#return({"a": 1})#end after')).toEqual({ returned: { a: 1 } });
    expect(run('#return ')).toEqual({ returned: null });
  });

  it('shares lists and maps, so that a change through one name shows through another', () => {
    expect(print('#set($b = $a)#set($ignored = $b.add(3))$a', { a: [1] })).toBe('[1, 3]');
  });

  it('gives a loop variable back what it was', () => {
    expect(print('#foreach($x in [1])#end$x', { x: 'kept' })).toBe('kept');
  });

  it('takes a method call on null as null', () => {
    expect(print('#if(!$a.nothing.get("x"))none#end', { a: {} })).toBe('none');
  });

  it('names a method that it does not know instead of printing the reference', () => {
    expect(() => print('$a.explode()', { a: 'x' })).toThrow('The method explode of a String is not known');
  });

  it('stops a loop that is longer than AppSync allows', () => {
    expect(() => print('#foreach($i in [1..1001])x#end')).toThrow('more than 1000');
  });

  it('refuses to add what is no number', () => {
    expect(() => print('#set($x = "a" + 1)')).toThrow('takes numbers');
  });
});
