import { viewOf } from '../agent-view.ts';
import { formatDuration } from '../duration-text.ts';
import type { Language } from '../language.ts';
import type { Lease } from '../lease.ts';
import type { LeaseStore } from '../ports.ts';
import { leftOf } from '../spending.ts';
import { faultText } from '../text.ts';
import { formatMicros } from '../usage-text.ts';
import { type SpendingPorts, spendingOf } from '../use-cases/spending.ts';
import { channelTexts } from './channel-text.ts';

type CostPorts = Pick<SpendingPorts, 'settings' | 'usage' | 'now' | 'caps'>;

/** The agent's state as people read it on a channel, with what the month has cost. */
export async function statusReport(
  ports: CostPorts & { leases: Pick<LeaseStore, 'get'> },
  owner: string,
  language: Language,
  { withCost }: { withCost: boolean },
): Promise<string> {
  const lines = agentLines(await ports.leases.get(owner), ports.now(), language);
  if (withCost) {
    const { usage, caps, counted } = await spendingOf(ports, owner);
    const { status, usage: texts } = channelTexts[language];
    const money = (micros: number) => formatMicros(language, micros);
    lines.push(status.month(money(usage.model + usage.aws), money(leftOf(caps, counted).month)));
    if (caps.stoppedBy) lines.push(texts.stoppedBy[caps.stoppedBy]);
  }
  return lines.join('\n');
}

function agentLines(lease: Lease | null, now: number, language: Language): string[] {
  const { status, wake, wakeEstimate } = channelTexts[language];
  if (!lease) return [status.asleep];
  const { state, phase, medianWakeMs, sleepsAt, keepAwakeUntil, sleepRequested, error } = viewOf(lease);
  const open = lease.pending.length;
  const until = (at: string) => formatDuration(language, Date.parse(at) - now);
  switch (state) {
    case 'waking':
      return [
        status.waking(wake[phase ?? 'asleep']),
        ...(medianWakeMs ? [wakeEstimate(Math.ceil(medianWakeMs / 1000))] : []),
        ...(open > 0 ? [status.waiting(open)] : []),
      ];
    case 'awake': {
      const first = open > 0 ? status.working(open) : status.awake;
      if (sleepRequested) return [first, status.sleepsSoon];
      if (keepAwakeUntil && Date.parse(keepAwakeUntil) > now)
        return [first, status.keptFor(until(keepAwakeUntil))];
      return sleepsAt && open === 0 ? [first, status.sleepsIn(until(sleepsAt))] : [first];
    }
    case 'failed':
      return [status.failed, ...(error ? [faultText(error.code, language).happened] : [])];
    default:
      return [status[state], ...(open > 0 ? [status.waiting(open)] : [])];
  }
}

/** What the month has cost and what is left of the caps: the sums of the web app's usage page. */
export async function usageReport(ports: CostPorts, owner: string, language: Language): Promise<string> {
  const { usage, caps, counted } = await spendingOf(ports, owner);
  const { usage: texts } = channelTexts[language];
  const money = (micros: number) => formatMicros(language, micros);
  const left = leftOf(caps, counted);
  const month = new Intl.DateTimeFormat(language, { year: 'numeric', month: 'long', timeZone: 'UTC' });
  const sums = [
    texts.model(money(usage.model), usage.calls),
    texts.aws(money(usage.aws), formatDuration(language, usage.seconds * 1000)),
    ...(usage.held > 0 ? [texts.held(money(usage.held))] : []),
    texts.left(money(left.day), money(left.month)),
  ];
  return [
    texts.month(month.format(ports.now()), money(usage.model + usage.aws)),
    sums.map((line) => `- ${line}`).join('\n'),
    texts.estimate,
    ...(caps.stoppedBy ? [texts.stoppedBy[caps.stoppedBy]] : []),
  ].join('\n\n');
}
