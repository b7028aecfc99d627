import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { reapProcesses, rememberProcesses } from '../processes.ts';
import { AwsError, type CloudContext, type InvokeResult } from '../service.ts';
import { credentialsSeconds, environmentVariables } from './environment-variables.ts';
import { ExecutionEnvironment } from './execution-environment.ts';
import { configurationOf, type FunctionConfiguration, findFunction } from './functions.ts';

/** A machine is not a region: events of one function beyond this number wait for an environment. */
const maxEnvironments = 8;

interface Environments {
  readonly all: ExecutionEnvironment[];
  /** Those who wait for one, first come first served. */
  readonly waiting: (() => void)[];
}

/** Execution environments by function: reused warm, made when all are busy. */
export class Pool {
  readonly #context: CloudContext;
  readonly #functions = new Map<string, Environments>();
  readonly #pidFile: string;
  #closed = false;

  constructor(context: CloudContext) {
    this.#context = context;
    this.#pidFile = join(context.dataDirectory, 'processes.json');
    reapProcesses(this.#pidFile);
  }

  /** Invokes a function and waits for its answer. Throws only when there is no such function, or it cannot be run. */
  async invoke(nameOrArn: string, event: unknown, requestId: string = randomUUID()): Promise<InvokeResult> {
    const resource = findFunction(this.#context.assembly, nameOrArn);
    const configuration = configurationOf(this.#context.assembly, resource);
    const environment = await this.#take(configuration);
    const started = performance.now();
    const result = await environment.invoke(requestId, event);
    this.#release(configuration);
    const payload = result.payload as { errorType?: string } | null;
    this.#context.log({
      service: 'lambda',
      event: 'invoked',
      function: configuration.name,
      requestId,
      milliseconds: Math.ceil(performance.now() - started),
      memoryMegabytes: configuration.memoryMegabytes,
      maxMemoryUsedMegabytes: environment.maxMemoryUsedMegabytes,
      ...(result.functionError ? { error: payload?.errorType } : {}),
    });
    return result;
  }

  async close(): Promise<void> {
    this.#closed = true;
    const all = [...this.#functions.values()];
    await Promise.all(all.flatMap((each) => each.all).map((environment) => environment.end()));
    for (const { waiting } of all) for (const proceed of waiting.splice(0)) proceed();
    rmSync(this.#pidFile, { force: true });
  }

  /** Pids of all environments of a function, for tests and measurements. */
  pids(nameOrArn: string): number[] {
    const { arn } = findFunction(this.#context.assembly, nameOrArn);
    return this.#living(arn).flatMap(({ pid }) => pid ?? []);
  }

  async #take(configuration: FunctionConfiguration): Promise<ExecutionEnvironment> {
    const { arn, name, reservedConcurrency } = configuration;
    for (;;) {
      if (this.#closed) throw new AwsError('ServiceException', 'The local cloud is closing.', 500);
      const living = this.#living(arn);
      const idle = living.find((environment) => !environment.busy);
      if (idle !== undefined) {
        idle.busy = true;
        return idle;
      }
      if (reservedConcurrency !== undefined && living.length >= reservedConcurrency) {
        throw new AwsError('TooManyRequestsException', `Rate Exceeded: ${name}`, 429);
      }
      if (living.length < maxEnvironments) return this.#start(configuration);
      await new Promise<void>((resolve) => this.#of(arn).waiting.push(resolve));
    }
  }

  #release({ arn }: FunctionConfiguration): void {
    this.#of(arn).waiting.shift()?.();
  }

  #start(configuration: FunctionConfiguration): ExecutionEnvironment {
    const variables = environmentVariables(configuration, this.#context);
    const environment = new ExecutionEnvironment(configuration, variables, (line, requestId) =>
      this.#context.log({
        service: 'lambda',
        event: 'output',
        function: configuration.name,
        requestId,
        line,
      }),
    );
    this.#of(configuration.arn).all.push(environment);
    const pids = [...this.#functions.keys()]
      .flatMap((arn) => this.#living(arn))
      .flatMap(({ pid }) => pid ?? []);
    rememberProcesses(this.#pidFile, pids);
    return environment;
  }

  /** Those that run, without those whose credentials will soon end. */
  #living(arn: string): readonly ExecutionEnvironment[] {
    const { all } = this.#of(arn);
    for (const [index, environment] of [...all.entries()].reverse()) {
      const old = Date.now() - environment.bornAt > (credentialsSeconds - 3600) * 1000;
      if (old && !environment.busy) environment.end();
      if (environment.ended) all.splice(index, 1);
    }
    return all;
  }

  #of(arn: string): Environments {
    const known = this.#functions.get(arn) ?? { all: [], waiting: [] };
    this.#functions.set(arn, known);
    return known;
  }
}
