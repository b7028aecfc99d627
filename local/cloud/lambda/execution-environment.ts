import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { dieWithUs, signal } from '../processes.ts';
import type { InvokeResult } from '../service.ts';

const bootstrap = fileURLToPath(new URL('./bootstrap.mjs', import.meta.url));
/** Lambda allows ten seconds for init. */
const initSeconds = 10;

interface Fault {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: readonly string[];
}
type Message =
  | { type: 'ready' }
  | { type: 'init-error'; fault: Fault }
  | { type: 'answer'; id: string; payload?: unknown; fault?: Fault };

export interface FunctionConfiguration {
  readonly arn: string;
  readonly name: string;
  readonly directory: string;
  readonly handler: string;
  readonly timeoutSeconds: number;
  readonly memoryMegabytes: number;
}

/**
 * One execution environment: a process that handles one event at a time and is frozen (SIGSTOP) in between,
 * as Lambda freezes it: nothing runs on after the answer.
 */
export class ExecutionEnvironment {
  readonly pid: number | undefined;
  busy = true;
  ended = false;
  readonly #child: ChildProcess;
  readonly #configuration: FunctionConfiguration;
  readonly #initialised: Promise<Fault | undefined>;

  constructor(
    configuration: FunctionConfiguration,
    env: Readonly<Record<string, string>>,
    onLine: (line: string) => void,
  ) {
    this.#configuration = configuration;
    const [file = '', ...args] = [...dieWithUs(), process.execPath, bootstrap];
    this.#child = spawn(file, args, {
      cwd: configuration.directory,
      env: { ...env },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      detached: true,
    });
    this.pid = this.#child.pid;
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      if (stream) createInterface({ input: stream }).on('line', onLine);
    }
    this.#child.once('exit', () => {
      this.ended = true;
    });
    this.#initialised = this.#next((message) => {
      if (message.type === 'ready') return { done: undefined };
      return message.type === 'init-error' ? { done: message.fault } : undefined;
    }, initSeconds).catch((error: Error) => ({
      errorType: 'Runtime.ExitError',
      errorMessage: error.message,
    }));
  }

  /** Handles one event. The environment is frozen afterwards, or ended when it timed out or crashed. */
  async invoke(requestId: string, event: unknown): Promise<InvokeResult> {
    this.busy = true;
    const { name, arn, timeoutSeconds, memoryMegabytes } = this.#configuration;
    const initFault = await this.#initialised;
    if (initFault) {
      this.end();
      return { functionError: 'Unhandled', payload: initFault };
    }
    if (this.pid !== undefined) signal(this.pid, 'SIGCONT');
    const answer = this.#next(
      (message) => (message.type === 'answer' && message.id === requestId ? { done: message } : undefined),
      timeoutSeconds,
    );
    this.#child.send({
      id: requestId,
      event,
      deadline: Date.now() + timeoutSeconds * 1000,
      context: {
        awsRequestId: requestId,
        functionName: name,
        functionVersion: '$LATEST',
        invokedFunctionArn: arn,
        memoryLimitInMB: String(memoryMegabytes),
        logGroupName: `/aws/lambda/${name}`,
        callbackWaitsForEmptyEventLoop: true,
      },
    });
    try {
      const { payload, fault } = await answer;
      if (this.pid !== undefined && !this.ended) signal(this.pid, 'SIGSTOP');
      this.busy = false;
      return fault ? { functionError: 'Unhandled', payload: fault } : { payload };
    } catch (error) {
      this.end();
      const timedOut = error instanceof TimedOut;
      return {
        functionError: 'Unhandled',
        payload: {
          errorType: timedOut ? 'Sandbox.Timedout' : 'Runtime.ExitError',
          errorMessage: `RequestId: ${requestId} Error: ${(error as Error).message}`,
        },
      };
    }
  }

  end(): void {
    this.ended = true;
    if (this.pid !== undefined) signal(this.pid, 'SIGKILL');
  }

  /** The first message that `pick` takes. Throws TimedOut, or when the process ends before. */
  #next<T>(pick: (message: Message) => { done: T } | undefined, seconds: number): Promise<T> {
    return new Promise((resolve, reject) => {
      const finish = () => {
        clearTimeout(timer);
        this.#child.off('message', onMessage);
        this.#child.off('exit', onExit);
        this.#child.off('error', reject);
      };
      const onMessage = (message: unknown) => {
        const picked = pick(message as Message);
        if (!picked) return;
        finish();
        resolve(picked.done);
      };
      const onExit = (code: number | null, name: string | null) => {
        finish();
        reject(new Error(`Runtime exited with ${name ? `signal ${name}` : `exit status ${code}`}`));
      };
      const timer = setTimeout(() => {
        finish();
        reject(new TimedOut(`Task timed out after ${seconds.toFixed(2)} seconds`));
      }, seconds * 1000);
      this.#child.on('message', onMessage);
      this.#child.once('exit', onExit);
      this.#child.once('error', reject);
    });
  }
}

class TimedOut extends Error {}
