import './answer-view.css';
import { lazy, Suspense } from 'react';
import { isFinal, type Message } from '../../amplify/core/message.ts';
import { AttachedFiles } from '../attachments/attached-files.tsx';
import { formatMoment, formatTime } from '../i18n/format.ts';
import { usePreferences } from '../i18n/preferences.tsx';
import { CopyButton } from '../shell/copy-button.tsx';
import { answerParts } from './answer-parts.ts';
import { AnswerUsage } from './answer-usage.tsx';
import { ApprovalCard } from './approval-card.tsx';
import { Outcome } from './outcome.tsx';
import { ThinkingLine } from './thinking-line.tsx';
import { ToolLine } from './tool-line.tsx';
import { answerOf, statusOf, type Turn, thinksIn, toolsOf } from './turn.ts';
import { useSmoothText } from './use-smooth-text.ts';
import { WorkingLine } from './working-line.tsx';

// Fetched while the messages are.
const markdown = import('./markdown.tsx').then(({ Markdown }) => ({ default: Markdown }));
const Markdown = lazy(() => markdown);

/** The answer as far as it is known, with the tools where they were used. */
export function AnswerView({ turn }: { turn: Turn & { row: Message } }) {
  const { t } = usePreferences();
  const working = !isFinal(statusOf(turn));
  const whole = answerOf(turn);
  const text = useSmoothText(whole, working);
  const parts = answerParts(text, toolsOf(turn));
  const { row, live } = turn;
  return (
    <section className="answer" aria-busy={working}>
      <h3 className="visually-hidden">{t.chat.answered}</h3>
      {thinksIn(turn) && (
        <div className="tool-lines">
          <ThinkingLine row={row} working={working} />
        </div>
      )}
      {parts.map((part, index) =>
        part.kind === 'tools' ? (
          <div key={part.key} className="tool-lines">
            {part.tools.map((tool) => (
              <ToolLine key={tool.id} tool={tool} />
            ))}
          </div>
        ) : (
          <Suspense key={part.key} fallback={<p className="answer-plain">{part.text}</p>}>
            <Markdown text={part.text} streaming={working && index === parts.length - 1} />
          </Suspense>
        ),
      )}
      {live?.approval && (
        <ApprovalCard conversationId={row.conversationId} id={row.id} approval={live.approval} />
      )}
      <AttachedFiles conversationId={row.conversationId} messageId={row.id} files={row.files} />
      {working ? <WorkingLine turn={turn} /> : <Outcome row={row} empty={parts.length === 0} />}
      {!working && whole.trim() !== '' && <AnswerFoot row={row} />}
    </section>
  );
}

function AnswerFoot({ row }: { row: Message }) {
  const { language, t } = usePreferences();
  return (
    <footer className="answer-foot">
      <CopyButton text={row.answer} label={t.chat.copyAnswer} />
      {row.finishedAt && (
        <time dateTime={row.finishedAt} title={formatMoment(language, row.finishedAt)}>
          {formatTime(language, row.finishedAt)}
        </time>
      )}
      {row.model && <span className="answer-model">{row.model}</span>}
      {row.usage && <AnswerUsage usage={row.usage} />}
    </footer>
  );
}
