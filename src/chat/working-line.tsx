import { Orb } from '../agent/orb.tsx';
import { useTexts } from '../i18n/preferences.tsx';
import { answerOf, type Turn, toolsOf } from './turn.ts';

/** What goes on at the end of an answer in work. While text comes, the orb is enough. */
export function WorkingLine({ turn }: { turn: Turn }) {
  const { chat: t } = useTexts();
  const { live, row } = turn;
  if (live?.approval && !live.approval.decision) return null;
  const silent = answerOf(turn) === '' && toolsOf(turn).length === 0;
  const text = row?.stopRequested ? t.stopping : live?.step ? t[live.step] : silent ? t.working : null;
  return (
    <p className="wake-line working-line">
      <Orb state="working" />
      {text ?? <span className="visually-hidden">{t.working}</span>}
    </p>
  );
}
