/** After get-message.js: what the model thought, as far as it is kept. */
export function request() {
  return { payload: null };
}

export function response(ctx) {
  return ctx.prev.result?.thinking ?? null;
}
