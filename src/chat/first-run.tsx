import './first-run.css';
import { ArrowUpRight } from 'lucide-react';
import { Orb, type OrbState } from '../agent/orb.tsx';
import { useTexts } from '../i18n/preferences.tsx';
import { useChat } from '../shell/workspace-context.tsx';

/** Where a conversation begins: says what the agent does and offers words to begin with. */
export function FirstRun({ onExample }: { onExample(text: string): void }) {
  const { first } = useTexts();
  const agent = useChat((state) => state.agent);
  const state: OrbState = agent?.state ?? 'asleep';
  const hello =
    state === 'waking'
      ? first.helloWaking
      : state === 'awake'
        ? first.helloAwake
        : state === 'asleep'
          ? first.helloAsleep
          : first.hello;
  return (
    <div className="first-run">
      <div className="first-run-body">
        <Orb state={state} size="huge" />
        <h2>{hello}</h2>
        <p className="first-run-teach">
          {state === 'awake' ? first.listens : first.wakes} {first.teach}
        </p>
        <section aria-labelledby="first-run-try">
          <h3 id="first-run-try">{first.try}</h3>
          <ul className="first-run-examples">
            {first.examples.map(({ title, text }) => (
              <li key={title}>
                <button type="button" className="example" onClick={() => onExample(text)}>
                  <span className="example-title">
                    {title}
                    <ArrowUpRight size={15} aria-hidden="true" />
                  </span>
                  <span className="example-text">{text}</span>
                </button>
              </li>
            ))}
          </ul>
        </section>
      </div>
    </div>
  );
}
