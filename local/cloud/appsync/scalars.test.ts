import { describe, expect, it } from 'vitest';
import { awsScalars } from './scalars.ts';

const scalar = (name: string) => {
  const found = awsScalars().find((one) => one.name === name);
  if (!found) throw new Error(name);
  return found;
};

describe("AppSync's scalars", () => {
  it.each([
    ['AWSDate', '2026-02-28', '2026-02-30'],
    ['AWSDate', '2026-02-28+09:00', '28.2.2026'],
    ['AWSTime', '12:30:24.500+09:00', '25:00'],
    ['AWSDateTime', '2026-02-28T12:30:24.500Z', '2026-02-28T12:30'],
    ['AWSDateTime', '2026-02-28T12:30:24+09:00', '2026-02-28 12:30:24Z'],
    ['AWSEmail', 'ann@example.com', 'ann@example'],
    ['AWSURL', 'https://example.com/a?b=c', 'example.com'],
    ['AWSPhone', '+82 10-1234-5678', '12'],
    ['AWSIPAddress', '127.0.0.1/8', '127.0.0.256'],
    ['AWSIPAddress', '::1', 'zz::1'],
    ['AWSTimestamp', 1714521600, '1714521600'],
  ])('%s takes %s and refuses %s, both ways', (name, good, bad) => {
    expect(scalar(name).parseValue(good)).toBe(good);
    expect(scalar(name).serialize(good)).toBe(good);
    expect(() => scalar(name).parseValue(bad)).toThrow(`valid ${name}`);
    expect(() => scalar(name).serialize(bad)).toThrow(`valid ${name}`);
  });

  it('AWSJSON is text outside and a value inside', () => {
    expect(scalar('AWSJSON').parseValue('{"a":[1]}')).toEqual({ a: [1] });
    expect(scalar('AWSJSON').serialize({ a: [1] })).toBe('{"a":[1]}');
    expect(scalar('AWSJSON').serialize('{"a":[1]}')).toBe('{"a":[1]}');
    expect(() => scalar('AWSJSON').parseValue({ a: 1 })).toThrow('valid AWSJSON');
    expect(() => scalar('AWSJSON').parseValue('{')).toThrow('valid AWSJSON');
  });
});
