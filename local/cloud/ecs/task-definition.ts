import { AwsError, type Resource } from '../service.ts';

/** A container of a task definition, as the template has it. */
export interface ContainerDefinition {
  readonly Name: string;
  readonly Image: string;
  readonly Cpu?: number;
  readonly EntryPoint?: readonly string[];
  readonly Command?: readonly string[];
  readonly Environment?: readonly { readonly Name: string; readonly Value: string }[];
  readonly Secrets?: readonly { readonly Name: string; readonly ValueFrom: string }[];
  readonly EnvironmentFiles?: readonly unknown[];
  readonly StopTimeout?: number;
}

/** The one container that a task runs. Throws for definitions with several: they would need a network of their own. */
export function containerOf(definition: Resource): ContainerDefinition {
  const containers: readonly ContainerDefinition[] = definition.properties.ContainerDefinitions ?? [];
  const [container] = containers;
  if (container === undefined || containers.length > 1) {
    throw new AwsError(
      'ClientException',
      `The local cloud runs tasks of one container; ${definition.logicalId} has ${containers.length}.`,
    );
  }
  if (container.EnvironmentFiles?.length) {
    throw new AwsError(
      'ClientException',
      `The local cloud has no environment files: ${definition.logicalId}`,
    );
  }
  return container;
}

/** Seconds between SIGTERM and SIGKILL: 30 unless the definition says otherwise, never more than Fargate's 120. */
export function stopTimeoutOf(definition: Resource | undefined): number {
  const container: ContainerDefinition | undefined = definition?.properties.ContainerDefinitions?.[0];
  return Math.min(Number(container?.StopTimeout ?? 30), 120);
}
