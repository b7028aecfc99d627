import { toUsd } from '../../amplify/core/price.ts';
import type { MonthUsage } from '../../amplify/core/usage.ts';

/** A month day by day as comma-separated values (RFC 4180), US dollars. */
export function usageCsv({ days }: MonthUsage): string {
  const rows = days.map(({ day, model, aws, counted }) =>
    [
      day,
      ...[model, aws, Math.max(0, counted - model - aws), counted].map((micros) => toUsd(micros).toFixed(6)),
    ].join(),
  );
  return `${['day,model_usd,aws_usd,reserved_usd,counted_usd', ...rows].join('\r\n')}\r\n`;
}
