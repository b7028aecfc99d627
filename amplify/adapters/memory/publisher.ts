import { type Event, toWire } from '../../core/event.ts';
import { type EventPublisher, RemoteError } from '../../core/ports.ts';

/** Keeps what was published. `down`: nothing is reached any more. */
export function memoryPublisher(): EventPublisher & {
  heard: { owner: string; event: Event }[];
  down: boolean;
} {
  const publisher = {
    heard: [] as { owner: string; event: Event }[],
    down: false,
    publish: async (owner: string, event: Event) => {
      if (publisher.down) throw new RemoteError('nobody there', { reached: false });
      toWire(owner, event);
      publisher.heard.push({ owner, event: structuredClone(event) });
    },
  };
  return publisher;
}
