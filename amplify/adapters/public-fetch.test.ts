import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mayReach } from './public-address.ts';
import { fetchFrom, PrivateAddress } from './public-fetch.ts';

let server: Server;
let reached = 0;
const port = () => (server.address() as AddressInfo).port;
const call = () => ({
  method: 'POST' as const,
  headers: { 'x-asked': 'yes' },
  body: Buffer.from('hello'),
  signal: AbortSignal.timeout(10_000),
});

beforeAll(async () => {
  server = createServer((request, response) => {
    reached++;
    if (request.url === '/elsewhere') response.writeHead(302, { location: '/' }).end();
    else request.pipe(response.writeHead(200, { 'x-asked': request.headers['x-asked'] }));
  });
  // On every address of this machine's loopback, whichever family `localhost` is.
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

describe('A call to an address that a user chose', () => {
  test.each([
    ['loopback', '127.0.0.1'],
    ['loopback in other words', '0x7f.1'],
    ['loopback as one number', '2130706433'],
    ['IPv6 loopback', '[::1]'],
    ['loopback in IPv6', '[::ffff:127.0.0.1]'],
    ['nothing', '0.0.0.0'],
    ['a name of loopback', 'localhost'],
    ['a task’s credentials', '169.254.170.2'],
    ['an instance’s metadata', '169.254.169.254'],
    ['metadata over IPv6', '[fd00:ec2::254]'],
    ['a private network', '10.0.0.1'],
    ['another private network', '172.31.255.255'],
    ['a home network', '192.168.1.1'],
    ['a carrier’s network', '100.64.0.1'],
    ['a neighbour', '[fe80::1]'],
    ['IPv4 in NAT64', '[64:ff9b::7f00:1]'],
    ['IPv4 in 6to4', '[2002:7f00:1::]'],
  ])('does not go to %s', async (_, host) => {
    const before = reached;
    await expect(fetchFrom(`http://${host}:${port()}/`, call(), 'public')).rejects.toThrow(PrivateAddress);
    expect(reached).toBe(before);
  });

  test('goes there where the deployment allows it, with its headers and body, and brings the answer', async () => {
    const answer = await fetchFrom(`http://127.0.0.1:${port()}/`, call(), 'any');
    expect([answer.status, answer.headers.get('x-asked'), await answer.text()]).toEqual([
      200,
      'yes',
      'hello',
    ]);
  });

  test.each(['169.254.170.2', '169.254.169.254', '[fe80::1]', '[fd00:ec2::254]', '[::ffff:169.254.170.2]'])(
    'does not even there go to %s, where a cloud serves credentials',
    async (host) => {
      await expect(fetchFrom(`http://${host}/`, call(), 'any')).rejects.toThrow(PrivateAddress);
    },
  );

  test('follows no redirect', async () => {
    const before = reached;
    const answer = await fetchFrom(`http://127.0.0.1:${port()}/elsewhere`, call(), 'any');
    expect([answer.status, reached - before]).toEqual([302, 1]);
  });

  test.each(['1.1.1.1', '104.18.7.192', '172.15.0.1', '172.32.0.1', '2606:4700::1111', '2a00:1450::1'])(
    'may go to %s',
    (address) => {
      expect(mayReach(address, 'public')).toBe(true);
    },
  );
});
