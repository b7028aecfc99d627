import { expect, test } from 'vitest';
import { createMemoryApi } from '../api/memory-api.ts';
import { initialState } from '../chat/state.ts';
import { createStore } from '../chat/store.ts';
import { createWakeAhead } from './wake-ahead.ts';

function open(state: 'asleep' | 'awake') {
  const api = createMemoryApi();
  let now = 0;
  const chat = createStore({ ...initialState, agentRead: true, agent: { state, revision: 1 } });
  const ahead = createWakeAhead(api, chat, () => now);
  return { ahead, said: () => api.calls.map(([, hint]) => hint), pass: (ms: number) => (now += ms) };
}

test('opening the page and the first key wake a sleeping agent, once a minute', () => {
  const { ahead, said, pass } = open('asleep');
  ahead.opened();
  ahead.typed();
  ahead.typed();
  expect(said()).toEqual(['open', 'typing']);
  pass(60_000);
  ahead.typed();
  expect(said()).toEqual(['open', 'typing', 'typing']);
});

test('an agent that is awake is left alone', () => {
  const { ahead, said } = open('awake');
  ahead.opened();
  ahead.typed();
  expect(said()).toEqual([]);
});

test('that it can’t be woken troubles nobody', () => {
  const api = createMemoryApi();
  api.offline = true;
  expect(() => createWakeAhead(api, createStore(initialState)).opened()).not.toThrow();
});
