import './orb.css';

export type OrbState = 'asleep' | 'waking' | 'awake' | 'working' | 'stopping' | 'failed' | 'unknown';

/** The agent as a small moon that becomes a sun. Says nothing by itself: a text stands beside it. */
export function Orb({
  state,
  size = 'small',
}: {
  state: OrbState;
  size?: 'small' | 'medium' | 'large' | 'huge';
}) {
  return <span className="orb" data-state={state} data-size={size} aria-hidden="true" />;
}
