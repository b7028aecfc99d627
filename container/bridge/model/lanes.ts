/**
 * How a model call is known to belong to a turn. OpenClaw sends no dependable sign of its session with every API
 * (2026.9.6 has one for OpenAI's only), so each running turn gets a lane: a provider of its own in OpenClaw's
 * configuration whose address holds the lane's number. A session is set to its lane's provider before the turn is
 * sent. A conversation keeps its lane as long as no other needs it, so that its provider seldom changes.
 */
export class Lanes {
  readonly #last = new Map<number, string>();
  readonly #busy = new Set<number>();

  constructor(count: number) {
    for (let lane = 1; lane <= count; lane++) this.#last.set(lane, '');
  }

  /** Takes a lane for a conversation's turn: its last one, else the one unused for longest. Throws when all are busy. */
  acquire(conversationId: string): number {
    const free = [...this.#last].filter(([lane]) => !this.#busy.has(lane));
    const [lane] = free.find(([, conversation]) => conversation === conversationId) ?? free[0] ?? [];
    if (lane === undefined) throw new Error('Every lane is busy: more turns than lanes were started');
    this.#busy.add(lane);
    // Set again so that the map stays in the order of last use.
    this.#last.delete(lane);
    this.#last.set(lane, conversationId);
    return lane;
  }

  release(lane: number): void {
    this.#busy.delete(lane);
  }
}
