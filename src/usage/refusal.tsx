import { Link } from 'wouter';
import { refusalOf } from '../../amplify/core/spending.ts';
import { faultText } from '../../amplify/core/text.ts';
import { countedAt } from '../../amplify/core/usage.ts';
import type { UsageReport } from '../api/api.ts';
import { usePreferences } from '../i18n/preferences.tsx';

/** Why nothing more may be spent now, and where to change that. */
export function Refusal({ report: { usage, caps, totalReached } }: { report: UsageReport }) {
  const { t, language } = usePreferences();
  const own = refusalOf(caps, countedAt(usage, Date.now()), 1);
  const code = own ?? (totalReached && (`spending.deployment_${totalReached}_cap` as const));
  if (!code) return null;
  const stopped = caps.stoppedBy === 'owner' ? t.usage.stoppedByYou : t.usage.stoppedByDeployment;
  const { happened, next } = faultText(code, language);
  return (
    <div className="usage-refusal" role="status">
      <p>{caps.stoppedBy ? stopped : `${happened} ${next}`}</p>
      {own && caps.stoppedBy !== 'deployment' && <Link href="/settings/spending">{t.usage.change}</Link>}
    </div>
  );
}
