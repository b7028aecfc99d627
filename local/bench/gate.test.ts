import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { median, percentile, table } from './figures.ts';
import { regressions } from './gate.ts';
import { cleaning, debianPackages } from './image.ts';
import { fillIn } from './page.ts';

describe('figures', () => {
  it('are told by their middle, and by the place in between', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 2, 3])).toBe(2.5);
    expect(percentile([0, 10], 95)).toBeCloseTo(9.5);
    expect(median([])).toBeNaN();
  });

  it('that were not measured are called so', () => {
    expect(table([{ name: 'peak', unit: 'MB', values: [] }])).toContain('| peak | not measured | | 0 |');
  });
});

describe('the regression gate', () => {
  const committed = { 'cold wake / plain OpenClaw': 0.8, 'image, MB': 120 };
  it('lets noise pass', () => {
    expect(regressions(committed, { 'cold wake / plain OpenClaw': 0.95, 'image, MB': 121 })).toEqual([]);
  });
  it('names what grew by more than a quarter, and what is missing', () => {
    expect(regressions(committed, { 'cold wake / plain OpenClaw': 1.01 })).toEqual([
      'cold wake / plain OpenClaw: 1, was 0.8',
      'image, MB was not measured',
    ]);
  });
});

describe('the page', () => {
  const page =
    'Prose.\n<!-- measured: warm -->\nold\n<!-- /measured -->\nMore.\n<!-- measured: cold -->\n<!-- /measured -->';
  it('keeps its prose around what is measured', () => {
    expect(fillIn(page, 'warm', 'new $1')).toBe(page.replace('old', '\nnew $1\n'));
  });
  it('must have the place', () => {
    expect(() => fillIn(page, 'hot', 'x')).toThrow(/hot/);
  });
});

describe('the image that is measured', () => {
  const dockerfile = readFileSync(new URL('../../container/Dockerfile', import.meta.url), 'utf8');
  it('has the Debian packages of the Dockerfile, without what it takes away again', () => {
    expect(debianPackages(dockerfile)).toContain('git');
    expect(cleaning(dockerfile)).toMatch(/^dpkg --purge .*perl-modules-5\.36 && rm -f .*\/scalar$/);
  });
});
