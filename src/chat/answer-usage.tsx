import type { Message } from '../../amplify/core/message.ts';
import { formatMicros, formatUsage } from '../../amplify/core/usage-text.ts';
import { formatCompact } from '../i18n/format.ts';
import { usePreferences } from '../i18n/preferences.tsx';

/** What the model read and wrote for an answer, in tokens, and what that cost. */
export function AnswerUsage({ usage }: { usage: NonNullable<Message['usage']> }) {
  const { language } = usePreferences();
  const { inputTokens, outputTokens, costMicros } = usage;
  const exact = formatUsage(language, usage);
  return (
    <span className="answer-usage" title={exact}>
      <span aria-hidden="true">
        ↑{formatCompact(language, inputTokens)} ↓{formatCompact(language, outputTokens)}
        {typeof costMicros === 'number' && ` · ${formatMicros(language, costMicros)}`}
      </span>
      <span className="visually-hidden">{exact}</span>
    </span>
  );
}
