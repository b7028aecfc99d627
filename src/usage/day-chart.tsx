import './day-chart.css';
import type { DayUsage } from '../../amplify/core/usage.ts';
import { formatMicros } from '../../amplify/core/usage-text.ts';
import { usePreferences } from '../i18n/preferences.tsx';
import { scaleTop } from './scale.ts';

/** A bar a day, model above AWS, with a scale. The table below it says the same to those who can't see it. */
export function DayChart({ month, days }: { month: string; days: readonly DayUsage[] }) {
  const { language, t } = usePreferences();
  const [year = 0, number = 1] = month.split('-').map(Number);
  const count = new Date(Date.UTC(year, number, 0)).getUTCDate();
  const top = scaleTop(Math.max(...days.map(({ model, aws }) => model + aws)));
  const byDay = new Map(days.map((each) => [Number(each.day.slice(8)), each]));
  const share = (micros: number) => ({ height: `${(micros / top) * 100}%` });
  return (
    <figure className="day-chart" aria-hidden="true">
      <div className="day-chart-scale">
        {[top, top / 2, 0].map((micros) => (
          <span key={micros}>{formatMicros(language, micros)}</span>
        ))}
      </div>
      <div className="day-chart-bars">
        {Array.from({ length: count }, (_, at) => at + 1).map((day) => {
          const { model = 0, aws = 0 } = byDay.get(day) ?? {};
          const date = `${month}-${String(day).padStart(2, '0')}`;
          return (
            <div
              key={day}
              className="day-chart-day"
              title={`${date}: ${formatMicros(language, model + aws)}`}
              data-label={day === 1 || day % 5 === 0 ? day : undefined}
            >
              <span className="day-chart-model" style={share(model)} />
              <span className="day-chart-aws" style={share(aws)} />
            </div>
          );
        })}
      </div>
      <figcaption className="day-chart-legend">
        <span className="day-chart-model">{t.usage.model}</span>
        <span className="day-chart-aws">{t.usage.aws}</span>
      </figcaption>
    </figure>
  );
}
