import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { amplifyOutputs } from './amplify-outputs.ts';
import { createAppSync } from './appsync/service.ts';
import { readAssembly } from './cloudformation/assembly.ts';
import { createIdentityPools } from './cognito/identity-pool-service.ts';
import { createUserPools } from './cognito/user-pool-service.ts';
import { createDynamoDb } from './dynamodb/service.ts';
import type { ImageFor } from './ecs/image.ts';
import { createEcs, type Ecs } from './ecs/service.ts';
import { createEvents, type Events } from './events/service.ts';
import { createGateway, listen } from './gateway.ts';
import { createIam } from './iam/iam.ts';
import { createInternalRequests } from './internal-request.ts';
import { createLambda, type Lambda } from './lambda/service.ts';
import { createS3 } from './s3/service.ts';
import type { Assembly, AwsService, CloudContext, InvokeResult } from './service.ts';
import { createServiceQuotas } from './service-quotas/service.ts';
import { createSsm } from './ssm/service.ts';
import { createSts } from './sts/service.ts';

export interface CloudOptions {
  /** The synthesised app: cdk.out. */
  readonly assemblyDirectory: string;
  /** Where all services keep their data. */
  readonly dataDirectory: string;
  /** Port of the gateway on 127.0.0.1; 0 takes a free one, but names inside stored tokens then change with each start. */
  readonly port: number;
  /** Origins of web pages that may call. */
  readonly corsOrigins: readonly string[];
  readonly deliverMail: CloudContext['deliverMail'];
  readonly log: CloudContext['log'];
  readonly now?: () => Date;
  readonly region?: string;
  /** Lays out an image from its build context; without it the Dockerfile is read and run where it lies. */
  readonly imageFor?: ImageFor;
  /** Resource types that the app may hold although the local cloud does not know them; they get no effect. */
  readonly ignoreTypes?: readonly string[];
  /** How long tasks may take to leave when the cloud closes, seconds. */
  readonly graceSeconds?: number;
}

export interface Cloud {
  readonly endpoint: string;
  readonly assembly: Assembly;
  /** amplify_outputs.json of the app. */
  readonly outputs: Record<string, unknown>;
  readonly ecs: Ecs;
  readonly events: Events;
  readonly lambda: Lambda;
  /** The context that services run in: what a host needs to act as AWS itself, e.g. to make credentials of a role. */
  readonly context: CloudContext;
  invoke(functionArn: string, event: unknown): Promise<InvokeResult>;
  /** Lets tasks leave, ends functions, closes stores. Resolves when nothing is left. */
  close(): Promise<void>;
}

/** The account that every local resource belongs to. */
export const accountId = '000000000000';

/** Serves a synthesised Amplify Gen 2 app on one machine. Throws when the app holds something that it can't serve. */
export async function startCloud(options: CloudOptions): Promise<Cloud> {
  const services: AwsService[] = [];
  const ready = Promise.withResolvers<void>();
  const gateway = createGateway({
    services: () => services,
    ready: ready.promise,
    corsOrigins: options.corsOrigins,
    log: options.log,
  });
  const port = await listen(gateway.server, options.port);
  const endpoint = `http://127.0.0.1:${port}`;
  const region = options.region ?? 'us-east-1';
  const now = options.now ?? (() => new Date());

  let lambda: Lambda | undefined;
  let events: Events | undefined;
  let ecs: Ecs | undefined;

  async function close(): Promise<void> {
    // Tasks go first: to leave properly they need the other services, and their end is an event that a function hears.
    await ecs?.close();
    await events?.close();
    for (const service of services.toReversed()) {
      if (service !== ecs && service !== events) await service.close();
    }
    gateway.server.closeAllConnections();
    await new Promise<void>((resolve) => gateway.server.close(() => resolve()));
  }

  try {
    const assembly = readAssembly(options.assemblyDirectory, {
      region,
      accountId,
      endpoint,
      ignoreTypes: options.ignoreTypes ?? [],
    });
    const iam = createIam({
      assembly,
      region,
      accountId,
      dataDirectory: join(options.dataDirectory, 'iam'),
      now,
    });
    const contextOf = (name: string): CloudContext => {
      const dataDirectory = join(options.dataDirectory, name);
      mkdirSync(dataDirectory, { recursive: true, mode: 0o700 });
      return {
        assembly,
        iam,
        region,
        accountId,
        dataDirectory,
        endpoint,
        now,
        log: options.log,
        deliverMail: options.deliverMail,
        invoke: (functionArn, event) => {
          if (!lambda) throw new Error('Lambda is not up yet');
          return lambda.invoke(functionArn, event);
        },
        emit: (event) => events?.emit(event),
        request: createInternalRequests({ iam, region, endpoint, now, route: gateway.route }),
      };
    };
    const add = <T extends AwsService>(service: T): T => {
      services.push(service);
      return service;
    };
    add(await createDynamoDb(contextOf('dynamodb')));
    add(await createSsm(contextOf('ssm')));
    add(createSts(contextOf('sts')));
    add(createServiceQuotas(contextOf('service-quotas')));
    add(await createUserPools(contextOf('cognito-user-pools')));
    add(await createIdentityPools(contextOf('cognito-identity-pools')));
    lambda = add(createLambda(contextOf('lambda')));
    add(await createAppSync(contextOf('appsync')));
    events = add(createEvents(contextOf('events')));
    ecs = add(
      createEcs(contextOf('ecs'), {
        ...(options.imageFor ? { imageFor: options.imageFor } : {}),
        ...(options.graceSeconds === undefined ? {} : { graceSeconds: options.graceSeconds }),
      }),
    );
    // S3 takes what carries no other sign: it is asked last.
    add(await createS3(contextOf('s3')));
    ready.resolve();
    return {
      endpoint,
      assembly,
      outputs: amplifyOutputs(assembly),
      ecs,
      events,
      lambda,
      context: contextOf('host'),
      invoke: lambda.invoke,
      close,
    };
  } catch (error) {
    await close().catch(() => {});
    throw error;
  }
}
