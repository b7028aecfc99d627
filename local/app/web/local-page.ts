import { reply } from './site.ts';
import type { Route } from './web-server.ts';

const script = '/local-websocket.js';

/**
 * aws-amplify makes `wss://` of a GraphQL endpoint whatever its scheme; the local cloud speaks plain HTTP. This maps
 * the one address, and nothing else, before the app's own scripts run.
 */
const scriptFor = (endpoint: string) => `(() => {
  const from = ${JSON.stringify(endpoint.replace(/^http/, 'wss'))};
  const to = ${JSON.stringify(endpoint.replace(/^http/, 'ws'))};
  const Native = window.WebSocket;
  window.WebSocket = class WebSocket extends Native {
    constructor(url, protocols) {
      const address = String(url);
      super(address.startsWith(from + '/') ? to + address.slice(from.length) : address, protocols);
    }
  };
})();
`;

/** Adds the local script to the app's page, before all others. Throws when the page has no head. */
export function addLocalScript(html: string): string {
  if (!/<head>/i.test(html)) throw new Error('index.html has no <head>');
  return html.replace(/<head>/i, (head) => `${head}<script src="${script}"></script>`);
}

/** What the page is given here and, in a deployment, from elsewhere: its configuration, and the local script. */
export function localRoute(endpoint: string, outputs: Readonly<Record<string, unknown>>): Route {
  const files = new Map([
    [script, scriptFor(endpoint)],
    ['/amplify_outputs.json', JSON.stringify(outputs)],
  ]);
  return (path, request) => {
    const body = files.get(path);
    return body === undefined ? undefined : reply(path, body, request.headers['if-none-match']);
  };
}
