import { useId } from 'react';
import { usePreferences } from '../i18n/preferences.tsx';
import { dayName } from './cadence-text.ts';
import { type Choice, choices, type Draft, ownZone } from './draft.ts';
import { scheduleTexts } from './schedule-texts.ts';

/** A week as the form shows it, from Monday on. */
const week = [1, 2, 3, 4, 5, 6, 0];

/** When a schedule comes: a choice, and what belongs to it. */
export function CadenceFields({ draft, onChange }: { draft: Draft; onChange(draft: Draft): void }) {
  const { language } = usePreferences();
  const t = scheduleTexts[language];
  const id = useId();
  const { choice } = draft;
  const set = (change: Partial<Draft>) => onChange({ ...draft, ...change });
  const hasTime = choice !== 'every' && choice !== 'cron';
  const isElsewhere = (choice === 'cron' || hasTime) && choice !== 'once' && draft.zone !== ownZone();
  return (
    <>
      <div className="field">
        <label className="field-label" htmlFor={`${id}-choice`}>
          {t.when}
        </label>
        <select
          id={`${id}-choice`}
          value={choice}
          onChange={(event) => set({ choice: event.target.value as Choice })}
        >
          {choices.map((each) => (
            <option key={each} value={each}>
              {t.choices[each]}
            </option>
          ))}
        </select>
      </div>
      {choice === 'weekly' && (
        <fieldset className="field schedule-days">
          <legend className="field-label">{t.days}</legend>
          <div>
            {week.map((day) => (
              <label key={day}>
                <input
                  type="checkbox"
                  aria-label={dayName(day, language, 'long')}
                  checked={draft.days.includes(day)}
                  onChange={(event) =>
                    set({
                      days: event.target.checked
                        ? [...draft.days, day]
                        : draft.days.filter((each) => each !== day),
                    })
                  }
                />
                <span aria-hidden="true">{dayName(day, language, 'short')}</span>
              </label>
            ))}
          </div>
        </fieldset>
      )}
      {hasTime && (
        <div className={choice === 'once' ? 'field-pair' : undefined}>
          {choice === 'once' && (
            <label className="field">
              <span className="field-label">{t.date}</span>
              <input
                type="date"
                required
                value={draft.date}
                onChange={(event) => set({ date: event.target.value })}
              />
            </label>
          )}
          <label className="field">
            <span className="field-label">{t.time}</span>
            <input
              type="time"
              required
              value={draft.time}
              onChange={(event) => set({ time: event.target.value })}
            />
          </label>
        </div>
      )}
      {choice === 'every' && (
        <label className="field">
          <span className="field-label">{t.minutes}</span>
          <input
            type="number"
            required
            min={15}
            step={1}
            value={Number.isNaN(draft.minutes) ? '' : draft.minutes}
            onChange={(event) => set({ minutes: event.target.valueAsNumber })}
          />
        </label>
      )}
      {choice === 'cron' && (
        <label className="field">
          <span className="field-label">{t.expression}</span>
          <input
            required
            maxLength={100}
            autoComplete="off"
            spellCheck={false}
            className="schedule-cron"
            value={draft.expression}
            onChange={(event) => set({ expression: event.target.value })}
          />
        </label>
      )}
      {isElsewhere && <p className="field-hint">{t.zone(draft.zone)}</p>}
    </>
  );
}
