import type { CloudContext, Resource } from '../service.ts';
import type { Image } from './image.ts';
import { type Task, taskIdOf } from './task.ts';
import { containerOf } from './task-definition.ts';

/** What a task's container is started with. */
export interface Launch {
  readonly command: readonly string[];
  /** The whole environment of its first process. */
  readonly env: Readonly<Record<string, string>>;
}

/**
 * Command and environment of a task: the image's, the definition's and RunTask's, and where its credentials and
 * metadata are. Nothing of ours. Secrets are read as the execution role; throws when it may not read one.
 */
export async function launchOf(
  task: Task,
  definition: Resource,
  image: Image,
  context: CloudContext,
  addresses: { readonly credentials: string | undefined; readonly metadata: string },
): Promise<Launch> {
  const container = containerOf(definition);
  const override = task.overrides.containerOverrides.find((each) => each.name === container.Name);
  const entrypoint = container.EntryPoint ?? image.entrypoint ?? [];
  // As with Docker, another entry point leaves nothing of the image's own command.
  const command = override?.command ?? container.Command ?? (container.EntryPoint ? [] : image.command);
  return {
    command: [...entrypoint, ...command],
    env: {
      ...image.env,
      ...Object.fromEntries((container.Environment ?? []).map(({ Name, Value }) => [Name, String(Value)])),
      ...(await secretsOf(task, definition, context)),
      ...Object.fromEntries((override?.environment ?? []).map(({ name, value }) => [name, value])),
      AWS_REGION: context.region,
      AWS_DEFAULT_REGION: context.region,
      AWS_EXECUTION_ENV: 'AWS_ECS_FARGATE',
      AWS_ENDPOINT_URL: context.endpoint,
      ECS_CONTAINER_METADATA_URI_V4: addresses.metadata,
      ...(addresses.credentials === undefined
        ? {}
        : { AWS_CONTAINER_CREDENTIALS_FULL_URI: addresses.credentials }),
    },
  };
}

async function secretsOf(
  task: Task,
  definition: Resource,
  context: CloudContext,
): Promise<Record<string, string>> {
  const secrets = containerOf(definition).Secrets ?? [];
  const roleArn: string | undefined = definition.properties.ExecutionRoleArn;
  const values = secrets.map(async ({ Name, ValueFrom }): Promise<[string, string]> => {
    if (/^arn:(?!aws:ssm:)/.test(ValueFrom)) {
      throw new Error(`the local cloud reads secrets from SSM only, not from ${ValueFrom}`);
    }
    if (roleArn === undefined) throw new Error('a task with secrets needs an execution role');
    const { Parameters } = (await context.request({
      roleArn,
      sessionName: taskIdOf(task.taskArn),
      service: 'ssm',
      target: 'AmazonSSM.GetParameters',
      body: { Names: [ValueFrom], WithDecryption: true },
    })) as { Parameters?: readonly { Value: string }[] };
    const [parameter] = Parameters ?? [];
    if (parameter === undefined) throw new Error(`invalid ssm parameters: ${ValueFrom}`);
    return [Name, parameter.Value];
  });
  return Object.fromEntries(await Promise.all(values));
}
