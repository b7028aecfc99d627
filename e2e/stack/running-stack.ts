import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly code?: string;
}

/** A stack of `npm start` with data of its own. */
export interface RunningStack {
  /** The web app. */
  readonly url: string;
  /** The local cloud. */
  readonly endpoint: string;
  /** The chat with the bot of the stand-in for Telegram, where it was asked for. */
  readonly telegram: string | undefined;
  /** The newest mail to an address, once there is one. */
  mailTo(address: string): Promise<Mail>;
  /** Stops it as Ctrl-C does, and removes its data. */
  stop(): Promise<void>;
}

interface Ready {
  readonly url: string;
  readonly endpoint: string;
  readonly telegram?: string;
}

/** The `ready` line of `npm start -- --json`. Rejects with the end of what was printed when it ends before. */
function ready(child: ChildProcess): Promise<Ready> {
  return new Promise((resolve, reject) => {
    const printed: string[] = [];
    child.stderr?.setEncoding('utf8').on('data', (text: string) => printed.push(text));
    if (child.stdout) {
      createInterface({ input: child.stdout }).on('line', (line) => {
        printed.push(line);
        if (!line.startsWith('{')) return;
        const event = JSON.parse(line) as { event?: string } & Ready;
        if (event.event === 'ready') resolve(event);
      });
    }
    child.once('exit', (code) =>
      reject(new Error(`npm start ended with ${code}:\n${printed.slice(-40).join('\n')}`)),
    );
  });
}

export interface StackOptions {
  /** An OpenAI-compatible model to use instead of the demo model. */
  readonly model?: { readonly name: string; readonly url: string };
  /** Takes root's right to switch users away: as for anybody who is not root, OpenClaw then asks before commands. */
  readonly withoutUserSwitch?: boolean;
  /** With the stand-in for Telegram. */
  readonly telegram?: boolean;
}

/** Starts the stack as `npm start` does, on free ports, with an empty data folder. */
export async function startStack({
  model,
  withoutUserSwitch,
  telegram: wantsTelegram,
}: StackOptions = {}): Promise<RunningStack> {
  const folder = await mkdtemp(join(tmpdir(), 'e2e-'));
  const choice = model ? `openai-compatible/${model.name}` : 'demo';
  const options = ['--port', '0', '--data', join(folder, 'data'), '--model', choice, '--json'];
  if (wantsTelegram) options.push('--telegram');
  const bound = withoutUserSwitch && process.getuid?.() === 0 ? ['setpriv', '--bounding-set=-setuid'] : [];
  const command = [...bound, process.execPath, join(root, 'local/app/start.mjs'), ...options];
  const child = spawn(command[0] as string, command.slice(1), {
    cwd: root,
    env: { ...process.env, ...(model ? { OPENAI_BASE_URL: model.url } : {}) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const { url, endpoint, telegram } = await ready(child);
  return {
    url,
    endpoint,
    telegram,
    async mailTo(address) {
      for (const deadline = Date.now() + 15_000; Date.now() < deadline; ) {
        const mails = (await (await fetch(`${url}/inbox/mails.json`)).json()) as Mail[];
        const mail = mails.find(({ to }) => to === address);
        if (mail) return mail;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      throw new Error(`no mail came to ${address}`);
    },
    async stop() {
      const ended = once(child, 'exit');
      child.kill('SIGINT');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
