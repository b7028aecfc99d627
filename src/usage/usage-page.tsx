import { formatDuration } from '../../amplify/core/duration-text.ts';
import './usage-page.css';
import { useCallback, useEffect, useState } from 'react';
import { modelPriceLists } from '../../amplify/core/model-price.ts';
import { awsPricesOf } from '../../amplify/core/price.ts';
import { leftOf } from '../../amplify/core/spending.ts';
import { countedAt, monthOf, waitedOf } from '../../amplify/core/usage.ts';
import { formatMicros } from '../../amplify/core/usage-text.ts';
import type { UsageReport } from '../api/api.ts';
import { usePreferences } from '../i18n/preferences.tsx';
import { Page } from '../shell/page.tsx';
import { useWorkspace } from '../shell/workspace-context.tsx';
import { usageCsv } from './csv.ts';
import { DayChart } from './day-chart.tsx';
import { Refusal } from './refusal.tsx';
import { Table } from './table.tsx';
import { useTitles } from './use-titles.ts';

/** What the agent costs: this month, day by day, per conversation. */
export function UsagePage() {
  const { t } = usePreferences();
  const { api } = useWorkspace();
  const [report, setReport] = useState<UsageReport | 'failed' | null>(null);
  const read = useCallback(
    () => api.getUsage(monthOf(Date.now())).then(setReport, () => setReport('failed')),
    [api],
  );
  useEffect(() => void read(), [read]);
  return (
    <Page title={t.pages.usage} wide>
      {report === 'failed' && (
        <div className="page-empty">
          <p>{t.usage.failed}</p>
          <button type="button" className="button" data-size="small" onClick={() => void read()}>
            {t.chat.again}
          </button>
        </div>
      )}
      {report && report !== 'failed' && <Report report={report} />}
    </Page>
  );
}

function Report({ report }: { report: UsageReport }) {
  const { t: texts, language } = usePreferences();
  const t = texts.usage;
  const { usage, caps, region } = report;
  const money = (micros: number) => formatMicros(language, micros);
  const left = leftOf(caps, countedAt(usage, Date.now()));
  const titleOf = useTitles(usage);
  const waited = waitedOf(usage);
  const prices = awsPricesOf(region);
  const address = Math.round((usage.seconds / 3600) * prices.prices.publicIpv4Hour * 1_000_000);
  const dates = [...new Set(Object.values(modelPriceLists).map((list) => list.asOf))].sort();
  const csv = `data:text/csv;charset=utf-8,${encodeURIComponent(usageCsv(usage))}`;
  return (
    <>
      <Refusal report={report} />
      <dl className="usage-sums">
        <div className="usage-sum">
          <dt>{t.month}</dt>
          <dd>
            {money(usage.model + usage.aws)}
            <small>{t.estimate}</small>
          </dd>
        </div>
        <div className="usage-sum">
          <dt>{t.model}</dt>
          <dd>
            {money(usage.model)}
            <small>{t.calls(usage.calls)}</small>
          </dd>
        </div>
        <div className="usage-sum">
          <dt>{t.aws}</dt>
          <dd>
            {money(usage.aws)}
            <small>{t.ofAddress(money(address))}</small>
          </dd>
        </div>
        <div className="usage-sum">
          <dt>{t.left}</dt>
          <dd>
            {money(left.day)}
            <small>{t.leftOf(money(caps.dayMicros), money(left.month), money(caps.monthMicros))}</small>
          </dd>
        </div>
      </dl>
      <section className="usage-section">
        <div className="usage-head">
          <h2>{t.days}</h2>
          <a className="button" data-size="small" href={csv} download={`usage-${usage.month}.csv`}>
            {t.csv}
          </a>
        </div>
        {usage.days.length === 0 ? (
          <p className="usage-note">{t.nothing}</p>
        ) : (
          <>
            <DayChart month={usage.month} days={usage.days} />
            <details className="usage-details">
              <summary>{t.asTable}</summary>
              <Table
                head={[t.day, t.model, t.aws]}
                rows={usage.days.map(({ day, model, aws }) => [day, money(model), money(aws)])}
              />
            </details>
          </>
        )}
      </section>
      {usage.conversations.length > 0 && (
        <section className="usage-section">
          <h2>{t.conversations}</h2>
          <Table
            head={[t.conversation, t.answers, t.model]}
            rows={usage.conversations.map((each) => [
              titleOf(each.conversationId),
              String(each.calls),
              money(each.model),
            ])}
          />
        </section>
      )}
      {usage.tasks > 0 && (
        <p className="usage-note">
          {t.tasks(usage.tasks, formatDuration(language, usage.seconds * 1000))}{' '}
          {waited ? t.waited(formatDuration(language, waited.seconds * 1000), money(waited.micros)) : t.idle}
        </p>
      )}
      {usage.held > 0 && <p className="usage-note">{t.held(money(usage.held))}</p>}
      <p className="usage-note">
        {t.prices(prices.asOf, dates.at(-1) ?? '')} {!prices.isOwn && t.otherRegion(region)}
      </p>
    </>
  );
}
