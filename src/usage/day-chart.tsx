import type { DayUsage } from '../../amplify/core/usage.ts';
import { formatMicros } from '../../amplify/core/usage-text.ts';
import { usePreferences } from '../i18n/preferences.tsx';

const height = 140;
const step = 20;

/** A bar a day, model above AWS. The table beside it says the same to those who can't see it. */
export function DayChart({ month, days }: { month: string; days: readonly DayUsage[] }) {
  const { language } = usePreferences();
  const [year = 0, number = 1] = month.split('-').map(Number);
  const count = new Date(Date.UTC(year, number, 0)).getUTCDate();
  const most = Math.max(...days.map(({ model, aws }) => model + aws), 1);
  const byDay = new Map(days.map((each) => [Number(each.day.slice(8)), each]));
  const scale = (micros: number) => (micros / most) * height;
  return (
    <svg className="usage-chart" viewBox={`0 0 ${count * step} ${height + 22}`} aria-hidden="true">
      <line x1="0" x2={count * step} y1={height + 0.5} y2={height + 0.5} className="usage-axis" />
      {Array.from({ length: count }, (_, at) => at + 1).map((day) => {
        const { model = 0, aws = 0 } = byDay.get(day) ?? {};
        const x = (day - 1) * step + 3;
        return (
          <g key={day}>
            <title>{`${month}-${String(day).padStart(2, '0')}: ${formatMicros(language, model + aws)}`}</title>
            <rect x={x} width={step - 6} y={height - scale(aws)} height={scale(aws)} className="usage-aws" />
            <rect
              x={x}
              width={step - 6}
              y={height - scale(aws) - scale(model)}
              height={scale(model)}
              className="usage-model"
            />
            {(day === 1 || day % 5 === 0) && (
              <text x={x + (step - 6) / 2} y={height + 16} textAnchor="middle" className="usage-label">
                {day}
              </text>
            )}
          </g>
        );
      })}
    </svg>
  );
}
