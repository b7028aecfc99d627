import { AwsError, type CloudContext } from '../service.ts';
import type { PoolConfig } from './user-pool-config.ts';
import type { User } from './users.ts';

export type TriggerName = 'PreSignUp' | 'PostConfirmation' | 'PreTokenGeneration';

/** One call of a trigger; `source` as `PreSignUp_SignUp`. */
export interface TriggerCall {
  readonly source: string;
  readonly clientId?: string;
  readonly user: Pick<User, 'username' | 'attributes'>;
  readonly status?: string;
  readonly request?: Readonly<Record<string, unknown>>;
  readonly response?: Readonly<Record<string, unknown>>;
  readonly clientMetadata?: Readonly<Record<string, string>>;
}

export interface Triggers {
  has(name: TriggerName): boolean;
  /** `1` or `2` for the form of PreTokenGeneration's event. */
  readonly tokenEventVersion: '1' | '2';
  /** The response part of what the function gave back. Throws UserLambdaValidationException when it failed. */
  call(name: TriggerName, call: TriggerCall): Promise<Readonly<Record<string, unknown>>>;
}

/** Reads a pool's LambdaConfig. Throws for triggers that the local cloud does not call. */
export function createTriggers(pool: PoolConfig, context: CloudContext): Triggers {
  const functions = new Map<TriggerName, string>();
  let tokenEventVersion: '1' | '2' = '1';
  for (const [name, value] of Object.entries(pool.lambdaConfig)) {
    if (value === undefined || value === null) continue;
    if (name === 'PreSignUp' || name === 'PostConfirmation') functions.set(name, String(value));
    else if (name === 'PreTokenGeneration') functions.set(name, functions.get(name) ?? String(value));
    else if (name === 'PreTokenGenerationConfig') {
      const { LambdaArn, LambdaVersion } = value as { LambdaArn: string; LambdaVersion: string };
      if (LambdaVersion !== 'V1_0' && LambdaVersion !== 'V2_0') refuse(`${name} ${LambdaVersion}`);
      functions.set('PreTokenGeneration', LambdaArn);
      tokenEventVersion = LambdaVersion === 'V2_0' ? '2' : '1';
    } else refuse(name);
  }
  function refuse(what: string): never {
    throw new Error(`user pool ${pool.id}: the local cloud's Cognito does not call the trigger ${what}`);
  }
  const permissions = context.assembly.byType('AWS::Lambda::Permission');
  const permitted = (arn: string) =>
    permissions.some(
      ({ properties }) =>
        [arn, arn.split(':').pop()].includes(properties.FunctionName) &&
        properties.Action === 'lambda:InvokeFunction' &&
        properties.Principal === 'cognito-idp.amazonaws.com' &&
        (properties.SourceArn === undefined || properties.SourceArn === pool.arn),
    );

  return {
    has: (name) => functions.has(name),
    tokenEventVersion,
    async call(name, { source, clientId, user, status, request, response, clientMetadata }) {
      const arn = functions.get(name);
      if (arn === undefined) return {};
      const failed = (why: string) =>
        new AwsError('UserLambdaValidationException', `${name} failed with error ${why}`);
      if (!permitted(arn))
        throw failed('AccessDeniedException: the function does not permit cognito-idp.amazonaws.com.');
      const event = {
        version: name === 'PreTokenGeneration' ? tokenEventVersion : '1',
        triggerSource: source,
        region: context.region,
        userPoolId: pool.id,
        userName: user.username,
        callerContext: {
          awsSdkVersion: 'aws-sdk-unknown-unknown',
          clientId: clientId ?? 'CLIENT_ID_NOT_APPLICABLE',
        },
        request: {
          userAttributes: { ...user.attributes, ...(status ? { 'cognito:user_status': status } : {}) },
          ...request,
          ...(clientMetadata ? { clientMetadata } : {}),
        },
        response: response ?? {},
      };
      const { payload, functionError } = await context.invoke(arn, event);
      if (functionError) {
        throw failed(`${(payload as { errorMessage?: string } | null)?.errorMessage ?? 'of the function'}.`);
      }
      const answer = (payload as { response?: unknown } | null)?.response;
      if (typeof answer !== 'object' || answer === null) {
        throw new AwsError('InvalidLambdaResponseException', 'Unrecognizable lambda output');
      }
      return answer as Readonly<Record<string, unknown>>;
    },
  };
}
