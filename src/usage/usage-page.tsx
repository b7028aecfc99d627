import './usage-page.css';
import { useCallback, useEffect, useState } from 'react';
import { modelPriceLists } from '../../amplify/core/model-price.ts';
import { awsPricesOf } from '../../amplify/core/price.ts';
import { leftOf } from '../../amplify/core/spending.ts';
import { countedAt, monthOf } from '../../amplify/core/usage.ts';
import { formatMicros } from '../../amplify/core/usage-text.ts';
import type { UsageReport } from '../api/api.ts';
import { formatDuration } from '../i18n/format.ts';
import { usePreferences } from '../i18n/preferences.tsx';
import { Page } from '../shell/page.tsx';
import { useChat, useWorkspace } from '../shell/workspace-context.tsx';
import { usageCsv } from './csv.ts';
import { DayChart } from './day-chart.tsx';

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
  const conversations = useChat((state) => state.conversations);
  const money = (micros: number) => formatMicros(language, micros);
  const left = leftOf(caps, countedAt(usage, Date.now()));
  const prices = awsPricesOf(region);
  const address = Math.round((usage.seconds / 3600) * prices.prices.publicIpv4Hour * 1_000_000);
  const titleOf = (id: string) => conversations.byId.get(id)?.value.title || texts.conversations.untitled;
  const dates = [...new Set(Object.values(modelPriceLists).map((list) => list.asOf))].sort();
  const csv = `data:text/csv;charset=utf-8,${encodeURIComponent(usageCsv(usage))}`;
  return (
    <>
      {caps.stoppedBy && (
        <p className="field-fault" role="status">
          {caps.stoppedBy === 'owner' ? t.stoppedByYou : t.stoppedByDeployment}
        </p>
      )}
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
      <section>
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
            <p className="usage-legend" aria-hidden="true">
              <span>{t.model}</span>
              <span data-kind="aws">{t.aws}</span>
            </p>
            <Table
              head={[t.day, t.model, t.aws]}
              rows={usage.days.map(({ day, model, aws }) => [day, money(model), money(aws)])}
            />
          </>
        )}
      </section>
      {usage.conversations.length > 0 && (
        <section>
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
      <p className="usage-note">
        {t.tasks(usage.tasks, formatDuration(language, usage.seconds * 1000))} {t.idle}
        {usage.held > 0 && ` ${t.held(money(usage.held))}`}
      </p>
      <p className="usage-note">
        {t.prices(prices.asOf, dates.at(-1) ?? '')} {!prices.isOwn && t.otherRegion(region)}
      </p>
    </>
  );
}

function Table({ head, rows }: { head: readonly string[]; rows: readonly (readonly string[])[] }) {
  return (
    <table className="usage-table">
      <thead>
        <tr>
          {head.map((each) => (
            <th key={each} scope="col">
              {each}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(([first = '', ...rest]) => (
          <tr key={first + rest.join()}>
            <th scope="row">{first}</th>
            {rest.map((each, at) => (
              <td key={at}>{each}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
