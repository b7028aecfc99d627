// @ts-check
import { spawn } from 'node:child_process';

/** Variables that hold a model provider's key. No child but the start command itself is given them. */
export const providerKeys = /** @type {const} */ ([
  'ANTHROPIC_API_KEY',
  'OPENAI_API_KEY',
  'DEEPSEEK_API_KEY',
  'OPENROUTER_API_KEY',
]);

/**
 * The environment for tools that we start: ours without provider keys, our own Node first in the path.
 * @param {string} root The project's folder.
 * @param {NodeJS.ProcessEnv} [base]
 * @returns {NodeJS.ProcessEnv}
 */
export function toolEnvironment(root, base = process.env) {
  /** @type {NodeJS.ProcessEnv} */
  const environment = { ...base, PATH: `${root}/node_modules/.bin:${base.PATH ?? ''}` };
  for (const name of providerKeys) delete environment[name];
  return environment;
}

/** @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set();

/** Passes a signal on to every command that runs, so that none outlives us. @param {NodeJS.Signals} signal */
export function signalCommands(signal) {
  for (const child of running) child.kill(signal);
}

/**
 * Runs a command to its end and gives its exit code and the end of what it printed (at most `keep` characters).
 * Rejects when it can't be started.
 * @param {string} file
 * @param {readonly string[]} args
 * @param {{ cwd?: string; env?: NodeJS.ProcessEnv; onOutput?: (text: string) => void; keep?: number }} [options]
 * @returns {Promise<{ code: number; output: string }>}
 */
export function runCommand(file, args, { cwd, env, onOutput, keep = 20_000 } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    running.add(child);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        output = (output + text).slice(-keep);
        onOutput?.(text);
      });
    }
    child.once('error', (error) => {
      running.delete(child);
      reject(error);
    });
    child.once('close', (code, name) => {
      running.delete(child);
      resolve({ code: code ?? 1, output: name ? `${output}\nended by ${name}` : output });
    });
  });
}
