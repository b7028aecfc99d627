import { statSync } from 'node:fs';
import { type Assembly, AwsError, type Resource } from '../service.ts';
import type { FunctionConfiguration } from './execution-environment.ts';

/** A function of the assembly, found by name, ARN, or ARN with a qualifier. */
export function findFunction(assembly: Assembly, nameOrArn: string): Resource & { readonly arn: string } {
  const found = assembly
    .byType('AWS::Lambda::Function')
    .find(({ arn, physicalId }) => [arn, physicalId, `${arn}:$LATEST`].includes(nameOrArn));
  if (!found?.arn) throw new AwsError('ResourceNotFoundException', `Function not found: ${nameOrArn}`, 404);
  return { ...found, arn: found.arn };
}

/** How to run it. Throws for code that the local cloud does not run: inline code, archives, other runtimes, layers. */
export function configurationOf(
  assembly: Assembly,
  resource: Resource & { readonly arn: string },
): FunctionConfiguration {
  const { Code, Handler, Runtime, Timeout, MemorySize, Layers } = resource.properties;
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
  return {
    arn: resource.arn,
    name: resource.physicalId,
    directory,
    handler: String(Handler),
    timeoutSeconds: Number(Timeout ?? 3),
    memoryMegabytes: Number(MemorySize ?? 128),
  };
}
