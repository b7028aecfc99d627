import { expect, test } from 'vitest';
import { monthUsageOf } from '../../amplify/core/usage.ts';
import { usageCsv } from './csv.ts';

test('a month is a line a day, in dollars, with what is reserved apart', () => {
  const row = {
    period: '2026-11',
    counted: 900,
    counted03: 300,
    model03: 100,
    aws03: 150,
    counted25: 600,
    model25: 600,
  };
  expect(usageCsv(monthUsageOf('2026-11', [row]))).toBe(
    'day,model_usd,aws_usd,reserved_usd,counted_usd\r\n' +
      '2026-11-03,0.000100,0.000150,0.000050,0.000300\r\n' +
      '2026-11-25,0.000600,0.000000,0.000000,0.000600\r\n',
  );
});
