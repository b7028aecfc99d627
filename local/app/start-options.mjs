// @ts-check
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { Fault } from './bootstrap/fault.mjs';

export const help = `Brings up Serverless OpenClaw on this machine: the backend in a local cloud, the web app, and OpenClaw on demand.

  npm start -- [options]

  --port <number>    where the web app listens on 127.0.0.1 (default 4300, or PORT); 0 takes a free one
  --model <choice>   demo, or a provider with or without a model: anthropic, openai/gpt-…, openai-compatible/llama3.3
  --data <folder>    where data is kept (default .local/data)
  --telegram         also talk by Telegram: a stand-in on this machine, or a bot of your own with TELEGRAM_BOT_TOKEN
                     (one that no deployment uses; TELEGRAM_API_ROOT names a Bot API server of your own)
  --fresh            begin anew: remove that folder first
  --dev              serve the web app from its sources, reloaded as they change
  --json             say everything as one JSON object a line
  --help             this text

The model comes from the environment: ANTHROPIC_API_KEY, OPENAI_API_KEY, DEEPSEEK_API_KEY, OPENROUTER_API_KEY, or
OPENAI_BASE_URL with OPENAI_MODEL for whatever speaks OpenAI's API (Ollama: http://127.0.0.1:11434/v1).
<PROVIDER>_MODEL names another model, MODEL_PRICE=input,output what a model costs that is in no price list (US dollars
for a million tokens; nothing on this machine). With none of them a scripted demo model answers.
`;

/**
 * @typedef {object} StartOptions
 * @property {number} port
 * @property {string | undefined} model
 * @property {string} data Absolute.
 * @property {boolean} telegram
 * @property {boolean} fresh
 * @property {boolean} dev
 * @property {boolean} json
 * @property {boolean} help
 */

/** @param {string} text @param {string} name */
function portOf(text, name) {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port;
  throw new Fault(`${name} is no port: ${text}`, 'Give a number from 0 to 65535; 0 takes a free one.');
}

/**
 * Reads the command line. Throws a Fault for what it doesn't know.
 * @param {string[]} args @param {string} root @param {NodeJS.ProcessEnv} environment
 * @returns {StartOptions}
 */
export function parseStartOptions(args, root, environment = process.env) {
  const flag = /** @type {const} */ ({ type: 'boolean', default: false });
  const text = /** @type {const} */ ({ type: 'string' });
  let values;
  try {
    const options = {
      port: text,
      model: text,
      data: text,
      telegram: flag,
      fresh: flag,
      dev: flag,
      json: flag,
      help: flag,
    };
    values = parseArgs({ args, options, strict: true }).values;
  } catch (error) {
    throw new Fault(/** @type {Error} */ (error).message, 'See `npm start -- --help`.');
  }
  const port = values.port ?? environment.PORT;
  return {
    port: port === undefined || port === '' ? 4300 : portOf(port, values.port ? '--port' : 'PORT'),
    model: values.model,
    data: resolve(root, values.data ?? '.local/data'),
    telegram: values.telegram,
    fresh: values.fresh,
    dev: values.dev,
    json: values.json,
    help: values.help,
  };
}
