import type { Message } from '../../amplify/core/message.ts';
import { formatCompact, formatNumber } from '../i18n/format.ts';
import { usePreferences } from '../i18n/preferences.tsx';

/** What the model read and wrote for an answer, in tokens. */
export function AnswerUsage({ usage }: { usage: NonNullable<Message['usage']> }) {
  const { language, t } = usePreferences();
  const { inputTokens, outputTokens, cachedTokens } = usage;
  const exact = t.chat.tokens(
    formatNumber(language, inputTokens),
    formatNumber(language, cachedTokens),
    formatNumber(language, outputTokens),
  );
  return (
    <span className="answer-usage" title={exact}>
      <span aria-hidden="true">
        ↑{formatCompact(language, inputTokens)} ↓{formatCompact(language, outputTokens)}
      </span>
      <span className="visually-hidden">{exact}</span>
    </span>
  );
}
