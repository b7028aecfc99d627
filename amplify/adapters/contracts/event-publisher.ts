import { beforeEach, describe, expect, test } from 'vitest';
import type { Event } from '../../core/event.ts';
import { newId } from '../../core/message-id.ts';
import type { EventPublisher } from '../../core/ports.ts';

export interface PublisherUnderTest {
  publisher: EventPublisher;
  owner: string;
  /** The next event that the owner's page hears. */
  heard: () => Promise<Event>;
  /** The same publisher, where nothing can be reached. */
  cutOff: EventPublisher;
}

/** What every EventPublisher does. */
export function eventPublisherContract(name: string, make: () => Promise<PublisherUnderTest>): void {
  describe(`event publisher: ${name}`, () => {
    let world: PublisherUnderTest;
    beforeEach(async () => {
      world = await make();
    });
    const delta = (text: string): Event => ({
      ...{ kind: 'message.delta', conversationId: newId(), messageId: newId(), text },
      ...{ epoch: 1, attempt: 1, seq: 1, offset: 0 },
    });

    test('an event reaches the owner’s pages as it was, in order, whatever is written in it', async () => {
      const events: Event[] = [delta('“안녕”\n <b>\\ $owner'), { kind: 'settings.changed' }];
      for (const event of events) await world.publisher.publish(world.owner, event);
      for (const event of events) expect(await world.heard()).toEqual(event);
    });

    test('another owner’s event does not', async () => {
      await world.publisher.publish('somebody-else', delta('not for you'));
      await world.publisher.publish(world.owner, { kind: 'settings.changed' });
      expect(await world.heard()).toEqual({ kind: 'settings.changed' });
    });

    test('not to be reached is told apart from a refusal', async () => {
      const publish = world.cutOff.publish(world.owner, { kind: 'settings.changed' });
      await expect(publish).rejects.toMatchObject({ name: 'RemoteError', reached: false });
    });
  });
}
