// Runs one function's handler in its own process, one event at a time, told over the IPC channel.
// Plain JavaScript: this is what stands where Lambda's own runtime would.
import { pathToFileURL } from 'node:url';

const { LAMBDA_TASK_ROOT: root, _HANDLER: name } = process.env;
const dot = name.lastIndexOf('.');
const fault = (error) => ({
  errorType: error?.name ?? 'Error',
  errorMessage: error?.message ?? String(error),
  trace: String(error?.stack ?? '').split('\n'),
});

async function load() {
  for (const extension of ['mjs', 'js', 'cjs']) {
    try {
      const module = await import(pathToFileURL(`${root}/${name.slice(0, dot)}.${extension}`).href);
      const handler = module[name.slice(dot + 1)] ?? module.default?.[name.slice(dot + 1)];
      if (typeof handler !== 'function') throw new TypeError(`${name} is undefined or not exported`);
      if (handler.length > 2) throw new TypeError(`${name} takes a callback, which is not served here`);
      return handler;
    } catch (error) {
      if (error?.code !== 'ERR_MODULE_NOT_FOUND' || !String(error.message).includes(root)) throw error;
    }
  }
  throw new Error(`Cannot find module '${name.slice(0, dot)}'`);
}

let current;
/** What nobody caught ends the environment, as on Lambda; the event in work is told why. */
function crash(kind, error) {
  const { errorMessage, trace } = fault(error);
  const reason = { errorType: `Runtime.${kind}`, errorMessage, trace };
  process.send({ type: 'answer', id: current, fault: reason, crashed: true }, () => process.exit(128));
}
process.on('unhandledRejection', (error) => crash('UnhandledPromiseRejection', error));

let handler;
try {
  handler = await load();
  process.send({ type: 'ready' });
} catch (error) {
  process.send({ type: 'init-error', fault: fault(error) });
}

process.on('message', async ({ id, event, context, deadline }) => {
  current = id;
  const withTime = { ...context, getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()) };
  try {
    const payload = await handler(event, withTime);
    // As Lambda does: what JSON can't say becomes null.
    process.send({ type: 'answer', id, payload: JSON.parse(JSON.stringify(payload ?? null)) });
  } catch (error) {
    process.send({ type: 'answer', id, fault: fault(error) });
  }
});
