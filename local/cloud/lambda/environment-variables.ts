import { AwsError, type CloudContext } from '../service.ts';
import type { FunctionConfiguration } from './functions.ts';

/** How long the credentials of an execution environment last; one that is older is not used again. */
export const credentialsSeconds = 12 * 3600;

/**
 * The whole environment of a handler: what Lambda sets and what the function sets, and nothing of ours but PATH.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
 */
export function environmentVariables(
  configuration: FunctionConfiguration,
  { iam, region, endpoint }: CloudContext,
): Record<string, string> {
  const { name, roleArn } = configuration;
  if (!iam.trusts(roleArn, 'lambda.amazonaws.com')) {
    throw new AwsError('AccessDeniedException', `The role ${roleArn} cannot be assumed by Lambda.`, 403);
  }
  const session = iam.assumeRole({
    roleArn,
    sessionName: name.slice(0, 64),
    lifetimeSeconds: credentialsSeconds,
  });
  return {
    PATH: process.env.PATH ?? '',
    TZ: ':UTC',
    LANG: 'en_US.UTF-8',
    ...configuration.variables,
    _HANDLER: configuration.handler,
    LAMBDA_TASK_ROOT: configuration.directory,
    AWS_EXECUTION_ENV: `AWS_Lambda_${configuration.runtime}`,
    AWS_LAMBDA_FUNCTION_NAME: name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(configuration.memoryMegabytes),
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${name}`,
    AWS_LAMBDA_LOG_STREAM_NAME: 'local',
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ACCESS_KEY_ID: session.accessKeyId,
    AWS_SECRET_ACCESS_KEY: session.secretAccessKey,
    AWS_SESSION_TOKEN: session.sessionToken,
    AWS_ENDPOINT_URL: endpoint,
  };
}
