import { WebSocket } from 'ws';

// biome-ignore lint/suspicious/noExplicitAny: messages of the protocol, of any shape
type Message = any;

/** For tests: a bare client of AppSync's web socket protocol. */
export interface GraphQLSocket {
  send(message: Message): void;
  /** The next message but keep-alives. Rejects when none comes in time. */
  next(): Promise<Message>;
  /** Sends connection_init and waits for the answer. */
  init(): Promise<Message>;
  start(id: string, query: string, authorization: Record<string, string>, variables?: object): void;
  close(): void;
}

const DEADLINE_MS = 5_000;

export async function openSocket(
  endpoint: string,
  header: Record<string, string>,
  how: 'protocol' | 'query' = 'protocol',
): Promise<GraphQLSocket> {
  const encoded = Buffer.from(JSON.stringify(header)).toString(how === 'protocol' ? 'base64url' : 'base64');
  const url = `${endpoint.replace(/^http/, 'ws')}/graphql/realtime`;
  const socket =
    how === 'protocol'
      ? new WebSocket(url, ['graphql-ws', `header-${encoded}`])
      : new WebSocket(`${url}?header=${encodeURIComponent(encoded)}&payload=e30=`, ['graphql-ws']);
  const received: Message[] = [];
  const waiting: ((message: Message) => void)[] = [];
  socket.on('message', (data) => {
    const message = JSON.parse(String(data)) as Message;
    if (message.type === 'ka') return;
    const waiter = waiting.shift();
    if (waiter) waiter(message);
    else received.push(message);
  });
  await new Promise((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  const next = () =>
    new Promise<Message>((resolve, reject) => {
      const message = received.shift();
      if (message) return resolve(message);
      const timer = setTimeout(() => reject(new Error('No message came')), DEADLINE_MS);
      waiting.push((arrived) => {
        clearTimeout(timer);
        resolve(arrived);
      });
    });
  const send = (message: Message) => socket.send(JSON.stringify(message));
  return {
    send,
    next,
    init() {
      send({ type: 'connection_init' });
      return next();
    },
    start: (id, query, authorization, variables = {}) =>
      send({
        id,
        type: 'start',
        payload: { data: JSON.stringify({ query, variables }), extensions: { authorization } },
      }),
    close: () => socket.close(),
  };
}
