import { wholeDeployment } from '../../core/deployment-settings.ts';
import type { UsageStore } from '../../core/ports.ts';
import { bookingOf, monthsBetween, monthUsageOf } from '../../core/usage.ts';

type Row = Record<string, string | number>;

/** Usage rows in memory, by owner and month. */
export function memoryUsage(): UsageStore & { rows: Map<string, Row> } {
  const rows = new Map<string, Row>();
  const rowOf = (owner: string, month: string): Row => rows.get(`${owner} ${month}`) ?? { period: month };
  return {
    rows,
    get: async (owner, month) => monthUsageOf(month, [rowOf(owner, month)]),
    ofDeployment: async (month) => monthUsageOf(month, [rowOf(wholeDeployment, month)]),
    bookTask: async (owner, { taskId, from, until, secondUsd }) => {
      for (const part of monthsBetween(from, until)) {
        const row = { ...rowOf(owner, part.month) };
        const add = (name: string, value: number) => {
          row[name] = Number(row[name] ?? 0) + value;
        };
        const booking = bookingOf(part, row[`task-${taskId}`] as number | undefined, secondUsd);
        if (!booking) continue;
        row[`task-${taskId}`] = booking.until;
        add('seconds', booking.seconds);
        const total = { ...rowOf(wholeDeployment, part.month) };
        for (const { day, micros } of booking.days) {
          for (const name of ['counted', `counted${day.slice(8)}`]) {
            add(name, micros);
            total[name] = Number(total[name] ?? 0) + micros;
          }
          add(`aws${day.slice(8)}`, micros);
        }
        rows.set(`${owner} ${part.month}`, row);
        rows.set(`${wholeDeployment} ${part.month}`, total);
      }
    },
  };
}
