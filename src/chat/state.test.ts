import { describe, expect, test } from 'vitest';
import type { AgentView } from '../../amplify/core/agent.ts';
import type { Conversation } from '../../amplify/core/conversation.ts';
import { orderedConversations } from '../conversations/conversations.ts';
import { type Action, type ChatState, initialState, reduce } from './state.ts';

const id = (n: number) => `0199a000-0000-7000-8000-${String(n).padStart(12, '0')}`;
const at = (n: number) => new Date(Date.UTC(2026, 0, n)).toISOString();
const conversation = (n: number, rest: Partial<Conversation> = {}): Conversation => ({
  id: id(n),
  title: `talk ${n}`,
  createdAt: at(n),
  activeAt: at(n),
  ...rest,
});
const changed = (value: Conversation): Action => ({
  kind: 'event',
  event: { kind: 'conversation.changed', conversationId: value.id, conversation: value },
});
const read = (items: Conversation[], asOf: number, nextToken: string | null = null): Action => ({
  kind: 'conversations.read',
  first: true,
  asOf,
  page: { items, nextToken },
});
const run = (...actions: Action[]): ChatState => actions.reduce(reduce, initialState);
const titles = (state: ChatState) => orderedConversations(state.conversations).map(({ title }) => title);

describe('the list of conversations', () => {
  test('shows a rename that came while an older list was on its way', () => {
    const state = run(
      changed(conversation(1)),
      changed(conversation(1, { title: 'renamed' })),
      read([conversation(1)], 1),
    );
    expect(titles(state)).toEqual(['renamed']);
  });

  test('does not bring a deleted conversation back with a late list or event', () => {
    const state = run(
      changed(conversation(1)),
      { kind: 'event', event: { kind: 'conversation.deleted', conversationId: id(1) } },
      read([conversation(1)], 1),
      changed(conversation(1)),
    );
    expect(titles(state)).toEqual([]);
  });

  test('drops what was deleted while nobody listened, but not what stands on later pages', () => {
    const before = run(read([conversation(9), conversation(5)], 0, 'more'), {
      kind: 'conversations.read',
      first: false,
      asOf: 1,
      page: { items: [conversation(2)], nextToken: null },
    });
    const after = reduce(before, read([conversation(9), conversation(4)], before.tick, 'more'));
    expect(titles(after)).toEqual(['talk 9', 'talk 4', 'talk 2']);
  });

  test('keeps a conversation that began while the list was on its way', () => {
    expect(titles(run(read([], 0), changed(conversation(3)), read([], 1)))).toEqual(['talk 3']);
  });

  test('moves up when a message was accepted', () => {
    const state = run(read([conversation(2), conversation(1)], 0), {
      kind: 'event',
      event: {
        kind: 'message.accepted',
        conversationId: id(1),
        messageId: id(7),
        message: {
          conversationId: id(1),
          id: id(7),
          text: 'hi',
          channel: 'web',
          status: 'queued',
          attempt: 1,
          acceptedAt: at(8),
          answer: '',
          seq: 0,
          tools: [],
          attachments: [],
          files: [],
        },
      },
    });
    expect(titles(state)).toEqual(['talk 1', 'talk 2']);
  });
});

describe('the agent', () => {
  const agent = (revision: number, state: AgentView['state']): AgentView => ({ revision, state });

  test('is not set back by an older view', () => {
    const state = run(
      { kind: 'event', event: { kind: 'agent.changed', agent: agent(7, 'awake') } },
      { kind: 'agent.read', agent: agent(6, 'waking') },
      { kind: 'agent.read', agent: null },
    );
    expect(state.agent?.state).toBe('awake');
  });
});
