import { randomUUID } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { descendantsOf, signal, startOf } from '../processes.ts';
import { AwsError, type CloudContext, type InvokeResult } from '../service.ts';
import { ExecutionEnvironment, type FunctionConfiguration } from './execution-environment.ts';
import { configurationOf, findFunction } from './functions.ts';

/** Concurrent executions of one function, as a reserved concurrency would limit them. */
const maxEnvironments = 8;
const credentialsSeconds = 12 * 3600;

interface Warm {
  readonly environment: ExecutionEnvironment;
  readonly bornAt: number;
}

/** Execution environments by function: reused warm, made when all are busy. */
export class Pool {
  readonly #context: CloudContext;
  readonly #warm = new Map<string, Warm[]>();
  readonly #pidFile: string;
  #closed = false;

  constructor(context: CloudContext) {
    this.#context = context;
    this.#pidFile = join(context.dataDirectory, 'processes.json');
    this.#reap();
  }

  /** Invokes a function and waits for its answer. Throws only when there is no such function, or no more room. */
  async invoke(nameOrArn: string, event: unknown): Promise<InvokeResult> {
    if (this.#closed) throw new AwsError('ServiceException', 'The local cloud is closing.', 500);
    const resource = findFunction(this.#context.assembly, nameOrArn);
    const configuration = configurationOf(this.#context.assembly, resource);
    const environment = this.#take(configuration, resource.properties);
    const requestId = randomUUID();
    const started = Date.now();
    const result = await environment.invoke(requestId, event);
    const { name } = configuration;
    const error =
      (result.functionError && (result.payload as { errorType?: string } | null)?.errorType) || undefined;
    this.#context.log({
      service: 'lambda',
      event: 'invoked',
      function: name,
      requestId,
      milliseconds: Date.now() - started,
      error,
    });
    return result;
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const warm of this.#warm.values()) for (const { environment } of warm) environment.end();
    rmSync(this.#pidFile, { force: true });
  }

  /** Pids of all environments of a function, for tests and measurements. */
  pids(nameOrArn: string): number[] {
    const { arn } = findFunction(this.#context.assembly, nameOrArn);
    return this.#living(arn).flatMap(({ environment }) => environment.pid ?? []);
  }

  #take(configuration: FunctionConfiguration, properties: Record<string, unknown>): ExecutionEnvironment {
    const living = this.#living(configuration.arn);
    for (const { environment, bornAt } of living) {
      if (environment.busy) continue;
      if (Date.now() - bornAt < (credentialsSeconds - 3600) * 1000) {
        environment.busy = true;
        return environment;
      }
      environment.end();
    }
    if (living.length >= maxEnvironments) {
      throw new AwsError('TooManyRequestsException', `Rate Exceeded: ${configuration.name}`, 429);
    }
    const onLine = (line: string) =>
      this.#context.log({ service: 'lambda', event: 'output', function: configuration.name, line });
    const environment = new ExecutionEnvironment(
      configuration,
      this.#environment(configuration, properties),
      onLine,
    );
    this.#warm.set(configuration.arn, [
      ...this.#living(configuration.arn),
      { environment, bornAt: Date.now() },
    ]);
    this.#remember();
    return environment;
  }

  #living(arn: string): Warm[] {
    return (this.#warm.get(arn) ?? []).filter(({ environment }) => !environment.ended);
  }

  #environment(
    configuration: FunctionConfiguration,
    properties: Record<string, unknown>,
  ): Record<string, string> {
    const { iam, region, endpoint } = this.#context;
    const roleArn = String(properties.Role);
    if (!iam.trusts(roleArn, 'lambda.amazonaws.com')) {
      throw new AwsError('AccessDeniedException', `The role ${roleArn} cannot be assumed by Lambda.`, 403);
    }
    const credentials = iam.assumeRole({
      roleArn,
      sessionName: configuration.name.slice(0, 64),
      lifetimeSeconds: credentialsSeconds,
    });
    const own =
      (properties.Environment as { Variables?: Record<string, unknown> } | undefined)?.Variables ?? {};
    return {
      PATH: process.env.PATH ?? '',
      TZ: ':UTC',
      LANG: 'en_US.UTF-8',
      ...Object.fromEntries(Object.entries(own).map(([key, value]) => [key, String(value)])),
      _HANDLER: configuration.handler,
      LAMBDA_TASK_ROOT: configuration.directory,
      AWS_LAMBDA_FUNCTION_NAME: configuration.name,
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(configuration.memoryMegabytes),
      AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${configuration.name}`,
      AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs22.x',
      AWS_REGION: region,
      AWS_DEFAULT_REGION: region,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      AWS_SESSION_TOKEN: credentials.sessionToken,
      AWS_ENDPOINT_URL: endpoint,
    };
  }

  /** Writes down what runs, for a start after we were killed: a frozen process can't notice our end by itself. */
  #remember(): void {
    const pids = [...this.#warm.values()]
      .flat()
      .flatMap(({ environment }) => (environment.ended ? [] : (environment.pid ?? [])));
    writeFileSync(this.#pidFile, JSON.stringify(pids.map((pid) => ({ pid, started: startOf(pid) }))));
  }

  #reap(): void {
    let rows: { pid: number; started?: string }[] = [];
    try {
      rows = JSON.parse(readFileSync(this.#pidFile, 'utf8'));
    } catch {
      // No file, or one that was cut off while it was written: nothing to go by.
    }
    for (const { pid, started } of rows) {
      if (started === undefined || startOf(pid) !== started) continue;
      for (const each of [...descendantsOf(pid), pid]) signal(each, 'SIGKILL');
    }
  }
}
