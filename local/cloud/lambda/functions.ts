import { statSync } from 'node:fs';
import { type Assembly, AwsError, type Resource } from '../service.ts';

/** What it takes to run a function. */
export interface FunctionConfiguration {
  readonly arn: string;
  readonly name: string;
  readonly directory: string;
  readonly handler: string;
  readonly runtime: string;
  readonly roleArn: string;
  readonly timeoutSeconds: number;
  readonly memoryMegabytes: number;
  /** Environment of its own. */
  readonly variables: Readonly<Record<string, string>>;
  /** Most events at once, where the template reserves a number. */
  readonly reservedConcurrency: number | undefined;
}

const pattern = /^(?:arn:aws:lambda:[^:]+:\d+:function:|\d+:function:)?([\w-]+)(?::([\w$-]+))?$/;

/** A function of the assembly, found by name, partial or full ARN, with or without a version or alias. */
export function findFunction(assembly: Assembly, nameOrArn: string): Resource & { readonly arn: string } {
  const [, name] = pattern.exec(nameOrArn) ?? [];
  const found = assembly.byType('AWS::Lambda::Function').find(({ physicalId }) => physicalId === name);
  if (!found?.arn) throw new AwsError('ResourceNotFoundException', `Function not found: ${nameOrArn}`, 404);
  return { ...found, arn: found.arn };
}

/** How to run it. Throws for code that the local cloud does not run: inline code, archives, other runtimes, layers. */
export function configurationOf(
  assembly: Assembly,
  resource: Resource & { readonly arn: string },
): FunctionConfiguration {
  const {
    Code,
    Handler,
    Runtime,
    Role,
    Timeout,
    MemorySize,
    Layers,
    Environment,
    ReservedConcurrentExecutions,
  } = resource.properties;
  const refuse = (what: string): never => {
    throw new AwsError(
      'InvalidParameterValueException',
      `The local cloud does not run ${what}: ${resource.logicalId}`,
    );
  };
  if (!String(Runtime).startsWith('nodejs')) refuse(`the runtime ${Runtime}`);
  if (Layers?.length) refuse('functions with layers');
  if (!Code?.S3Key) refuse('inline code');
  const directory = assembly.assetPath(String(Code.S3Key));
  if (!statSync(directory).isDirectory()) refuse('code in an archive');
  const variables: Readonly<Record<string, unknown>> = Environment?.Variables ?? {};
  return {
    arn: resource.arn,
    name: resource.physicalId,
    directory,
    handler: String(Handler),
    runtime: String(Runtime),
    roleArn: String(Role),
    timeoutSeconds: Number(Timeout ?? 3),
    memoryMegabytes: Number(MemorySize ?? 128),
    variables: Object.fromEntries(Object.entries(variables).map(([key, value]) => [key, String(value)])),
    reservedConcurrency:
      ReservedConcurrentExecutions === undefined ? undefined : Number(ReservedConcurrentExecutions),
  };
}
