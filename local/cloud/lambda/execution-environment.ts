import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { dieWithUs, peakMegabytes, signal } from '../processes.ts';
import type { InvokeResult } from '../service.ts';
import type { FunctionConfiguration } from './functions.ts';

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
  | { type: 'answer'; id: string; payload?: unknown; fault?: Fault; crashed?: true };

/**
 * One execution environment: a process that handles one event at a time and is frozen (SIGSTOP) in between,
 * as Lambda freezes it: nothing runs on after the answer.
 */
export class ExecutionEnvironment {
  readonly pid: number | undefined;
  /** Milliseconds since 1970. */
  readonly bornAt = Date.now();
  busy = true;
  ended = false;
  /** The most memory that it has held so far; undefined where the system does not tell. */
  maxMemoryUsedMegabytes: number | undefined;
  readonly #child: ChildProcess;
  readonly #configuration: FunctionConfiguration;
  readonly #initialised: Promise<Fault | undefined>;
  readonly #exited: Promise<void>;
  #requestId: string | undefined;

  constructor(
    configuration: FunctionConfiguration,
    env: Readonly<Record<string, string>>,
    onLine: (line: string, requestId: string | undefined) => void,
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
      if (stream) createInterface({ input: stream }).on('line', (line) => onLine(line, this.#requestId));
    }
    this.#exited = new Promise((resolve) => {
      const finish = () => {
        // What the handler had started ends with it.
        if (this.pid !== undefined) signal(-this.pid, 'SIGKILL');
        this.ended = true;
        resolve();
      };
      this.#child.once('exit', finish);
      this.#child.once('error', finish);
    });
    this.#initialised = this.#next((message) => {
      if (message.type === 'ready') return { done: undefined };
      return message.type === 'init-error' ? { done: message.fault } : undefined;
    }, initSeconds).catch((error: Error) => ({
      errorType: error instanceof TimedOut ? 'Sandbox.Timedout' : 'Runtime.ExitError',
      errorMessage: error.message,
    }));
  }

  /** Handles one event. The environment is frozen afterwards, or ended when it timed out or crashed. */
  async invoke(requestId: string, event: unknown): Promise<InvokeResult> {
    this.#requestId = requestId;
    const initFault = await this.#initialised;
    if (initFault) {
      await this.end();
      return { functionError: 'Unhandled', payload: initFault };
    }
    const { name, arn, timeoutSeconds, memoryMegabytes } = this.#configuration;
    this.#signal('SIGCONT');
    const answer = this.#next(
      (message) => (message.type === 'answer' && message.id === requestId ? { done: message } : undefined),
      timeoutSeconds,
    );
    const context = {
      awsRequestId: requestId,
      functionName: name,
      functionVersion: '$LATEST',
      invokedFunctionArn: arn,
      memoryLimitInMB: String(memoryMegabytes),
      logGroupName: `/aws/lambda/${name}`,
      logStreamName: 'local',
      callbackWaitsForEmptyEventLoop: true,
    };
    this.#child.send(
      { id: requestId, event, deadline: Date.now() + timeoutSeconds * 1000, context },
      () => {},
    );
    try {
      const { payload, fault, crashed } = await answer;
      this.#signal('SIGSTOP');
      this.maxMemoryUsedMegabytes = peakMegabytes(this.pid);
      if (crashed) await this.end();
      this.busy = false;
      return fault ? { functionError: 'Unhandled', payload: fault } : { payload };
    } catch (error) {
      this.maxMemoryUsedMegabytes = peakMegabytes(this.pid);
      await this.end();
      const { message } = error as Error;
      return {
        functionError: 'Unhandled',
        payload: {
          errorType: error instanceof TimedOut ? 'Sandbox.Timedout' : 'Runtime.ExitError',
          errorMessage: `RequestId: ${requestId} Error: ${message}`,
        },
      };
    }
  }

  /** Kills it. Resolves when it is gone. */
  end(): Promise<void> {
    if (!this.ended) this.#signal('SIGKILL');
    this.ended = true;
    return this.#exited;
  }

  /** To the whole group: what a handler started is frozen and ended with it. */
  #signal(name: NodeJS.Signals): void {
    if (this.pid !== undefined && !this.ended) signal(-this.pid, name);
  }

  /** The first message that `pick` takes. Throws TimedOut, or when the process ends before. */
  #next<T>(pick: (message: Message) => { done: T } | undefined, seconds: number): Promise<T> {
    return new Promise((resolve, reject) => {
      const finish = () => {
        clearTimeout(timer);
        this.#child.off('message', onMessage);
        this.#child.off('exit', onExit);
        this.#child.off('error', onError);
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
      const onError = (error: Error) => {
        finish();
        reject(error);
      };
      const timer = setTimeout(() => {
        finish();
        reject(new TimedOut(`Task timed out after ${seconds.toFixed(2)} seconds`));
      }, seconds * 1000);
      this.#child.on('message', onMessage);
      this.#child.once('exit', onExit);
      this.#child.once('error', onError);
    });
  }
}

class TimedOut extends Error {}
