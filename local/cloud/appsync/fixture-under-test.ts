import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { amplifyOutputs } from '../amplify-outputs.ts';
import { readAssembly } from '../cloudformation/assembly.ts';
import { createDynamoDb } from '../dynamodb/service.ts';
import { synthesiseFixture } from '../fixture/synthesise.ts';
import { createGateway, listen } from '../gateway.ts';
import { createIam } from '../iam/iam.ts';
import { createInternalRequests } from '../internal-request.ts';
import { createLambda } from '../lambda/service.ts';
import type { Assembly, AwsService, CloudContext, SessionCredentials } from '../service.ts';
import { createSsm } from '../ssm/service.ts';
import { createAppSync } from './service.ts';
import { createTokenIssuer, type TokenIssuer } from './token-issuer-under-test.ts';

/** For tests: the fixture's API with real tables, policies and functions, and tokens of a pool that only signs. */
export interface FixtureApi {
  readonly endpoint: string;
  readonly assembly: Assembly;
  readonly outputs: Record<string, unknown>;
  readonly token: TokenIssuer['token'];
  /** Credentials of the role whose logical id begins with `logicalId`. */
  credentials(logicalId: string, sessionName?: string): SessionCredentials;
  close(): Promise<void>;
}

const region = 'us-east-1';
const accountId = '000000000000';

export async function startFixtureApi(): Promise<FixtureApi> {
  const services: AwsService[] = [];
  const data = mkdtempSync(join(tmpdir(), 'appsync-fixture-'));
  const log: CloudContext['log'] = () => {};
  const gateway = createGateway({ services: () => services, corsOrigins: [], log });
  const endpoint = `http://127.0.0.1:${await listen(gateway.server, 0)}`;
  const assembly = readAssembly(await synthesiseFixture(), { region, accountId, endpoint });
  const now = () => new Date();
  const directory = (name: string) => {
    mkdirSync(join(data, name), { recursive: true });
    return join(data, name);
  };
  const iam = createIam({ assembly, region, accountId, dataDirectory: directory('iam'), now });
  let invoke: CloudContext['invoke'] = () => Promise.reject(new Error('Lambda is not up yet'));
  const contextOf = (name: string): CloudContext => ({
    assembly,
    iam,
    region,
    accountId,
    dataDirectory: directory(name),
    endpoint,
    now,
    log,
    emit: () => {},
    deliverMail: () => {},
    invoke: (functionArn, event) => invoke(functionArn, event),
    request: createInternalRequests({ iam, region, endpoint, route: gateway.route }),
  });
  const physicalId = (type: string) => assembly.byType(type)[0]?.physicalId ?? '';
  const issuer = await createTokenIssuer(
    endpoint,
    physicalId('AWS::Cognito::UserPool'),
    physicalId('AWS::Cognito::UserPoolClient'),
  );
  const lambda = createLambda(contextOf('lambda'));
  invoke = lambda.invoke;
  services.push(
    issuer.service,
    await createDynamoDb(contextOf('dynamodb')),
    await createSsm(contextOf('ssm')),
    lambda,
  );
  services.push(createAppSync(contextOf('appsync')));
  return {
    endpoint,
    assembly,
    outputs: amplifyOutputs(assembly),
    token: issuer.token,
    credentials(logicalId, sessionName = 'task-1') {
      const role = assembly.byType('AWS::IAM::Role').find((one) => one.logicalId.startsWith(logicalId));
      if (!role?.arn) throw new Error(`There is no role ${logicalId}`);
      return iam.assumeRole({ roleArn: role.arn, sessionName });
    },
    async close() {
      for (const service of services.toReversed()) await service.close();
      gateway.server.closeAllConnections();
      await new Promise<void>((resolve) => gateway.server.close(() => resolve()));
      rmSync(data, { recursive: true, force: true });
    },
  };
}
