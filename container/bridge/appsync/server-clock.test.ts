import { createServer } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { Unreachable } from './error.ts';
import { graphqlCaller } from './graphql.ts';
import { serverClock } from './server-clock.ts';

const servers: ReturnType<typeof createServer>[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

const minute = 60_000;
const timeOf = (longDate = '') =>
  Date.parse(longDate.replace(/(....)(..)(..T..)(..)(..Z)/, '$1-$2-$3:$4:$5'));

/** AppSync as far as it looks at the time: takes what is signed within five minutes of its own clock. */
async function appsync(now: () => number) {
  const server = createServer((request, response) => {
    const age = Math.abs(timeOf(String(request.headers['x-amz-date'])) - now());
    const refusal = { errors: [{ errorType: 'BadRequestException', message: 'Signature expired' }] };
    request.resume();
    response.writeHead(age <= 5 * minute ? 200 : 403, { date: new Date(now()).toUTCString() });
    response.end(JSON.stringify(age <= 5 * minute ? { data: { agentPull: 'pulled' } } : refusal));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as { port: number }).port}/graphql`;
}

test.each([
  ['half an hour slow', -30 * minute],
  ['half an hour fast', 30 * minute],
])(
  'a task whose clock is %s is refused once, and signs by the service’s clock from then on',
  async (_, by) => {
    const clock = serverClock(() => Date.now() + by);
    const call = graphqlCaller({
      url: await appsync(Date.now),
      region: 'eu-central-1',
      credentials: async () => ({ accessKeyId: 'a', secretAccessKey: 's', sessionToken: 't' }),
      clock,
    });
    const pull = () => call('agentPull', 'mutation { agentPull }', {});
    // Whoever calls tries that again.
    await expect(pull()).rejects.toBeInstanceOf(Unreachable);
    expect(await pull()).toBe('pulled');
    expect(Math.abs(clock.now().getTime() - Date.now())).toBeLessThan(minute);
  },
);

test('a refusal by a service whose time is ours is a refusal', async () => {
  const call = graphqlCaller({
    url: await appsync(() => Date.now() - 6 * minute),
    region: 'eu-central-1',
    credentials: async () => ({ accessKeyId: 'a', secretAccessKey: 's', sessionToken: 't' }),
    clock: { now: () => new Date(), hear: () => false },
  });
  await expect(call('agentPull', 'mutation { agentPull }', {})).rejects.toThrow(/was refused/);
});

test('a clock that differs by what an answer takes on its way, or hears no time, stays as it is', () => {
  const clock = serverClock(() => 1_000_000_000_000);
  for (const date of [new Date(1_000_000_000_000 - 40_000).toUTCString(), null, 'no date']) {
    expect(clock.hear(date)).toBe(false);
    expect(clock.now().getTime()).toBe(1_000_000_000_000);
  }
});
