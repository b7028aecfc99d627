import { reply } from './site.ts';
import type { Route } from './web-server.ts';

/** The app's configuration, which the page is given here and, in a deployment, from elsewhere. */
export function outputsRoute(outputs: Readonly<Record<string, unknown>>): Route {
  const body = JSON.stringify(outputs);
  return (path, request) =>
    path === '/amplify_outputs.json' ? reply(path, body, request.headers['if-none-match']) : undefined;
}
