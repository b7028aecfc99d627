import type { ServerResponse } from 'node:http';

/** An error as each of the API dialects has it. */
export const errorBody = (type: string, message: string) =>
  JSON.stringify({ type: 'error', error: { type, code: type, message } });

/** Answers a call that is not passed on. */
export function refuse(response: ServerResponse, status: number, type: string, message: string): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(errorBody(type, message));
}
