// Runs one function's handler in its own process, one event at a time, told over the IPC channel.
// Plain JavaScript: this is what stands where Lambda's own runtime would.
import { existsSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { pathToFileURL } from 'node:url';

const { LAMBDA_TASK_ROOT: root, _HANDLER: name } = process.env;
const dot = name.lastIndexOf('.');
const fault = (error) => ({
  errorType: error?.name ?? 'Error',
  errorMessage: error?.message ?? String(error),
  trace: String(error?.stack ?? '').split('\n'),
});

// Lambda's Node.js runtimes bring the AWS SDK along: what a bundle leaves out is taken from here.
registerHooks({
  resolve(specifier, context, next) {
    try {
      return next(specifier, context);
    } catch (error) {
      if (!/^@(aws-sdk|smithy)\//.test(specifier)) throw error;
      return next(specifier, { ...context, parentURL: import.meta.url });
    }
  },
});

async function load() {
  const base = `${root}/${name.slice(0, dot)}`;
  const file = ['mjs', 'js', 'cjs']
    .map((extension) => `${base}.${extension}`)
    .find((each) => existsSync(each));
  if (file === undefined) throw new Error(`Cannot find module '${name.slice(0, dot)}'`);
  const module = await import(pathToFileURL(file).href);
  const handler = module[name.slice(dot + 1)] ?? module.default?.[name.slice(dot + 1)];
  if (typeof handler !== 'function') throw new TypeError(`${name} is undefined or not exported`);
  if (handler.length > 2) throw new TypeError(`${name} takes a callback, which is not served here`);
  return handler;
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
