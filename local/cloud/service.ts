/**
 * The seam between the local cloud's parts. A service is one AWS API; the cloud (cloud.ts) makes them,
 * the gateway (gateway.ts) routes requests to them. Nothing in local/cloud knows the product that it serves.
 */
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';

/** A resource of the synthesised templates with every intrinsic resolved to its local value. */
export interface Resource {
  /** Path of nested stacks, e.g. `root/data/Message`. */
  readonly stack: string;
  readonly logicalId: string;
  /** CloudFormation type, e.g. `AWS::Lambda::Function`. */
  readonly type: string;
  // biome-ignore lint/suspicious/noExplicitAny: template properties are JSON whose shape the type names
  readonly properties: any;
  /** What `Ref` gives. */
  readonly physicalId: string;
  /** What `Fn::GetAtt … Arn` gives, where the type has one. */
  readonly arn: string | undefined;
  readonly metadata: Readonly<Record<string, unknown>> | undefined;
}

/** A cloud assembly (cdk.out) read from disk. */
export interface Assembly {
  readonly directory: string;
  readonly resources: readonly Resource[];
  /** Root stack outputs, resolved. */
  readonly outputs: Readonly<Record<string, unknown>>;
  byType(type: string): readonly Resource[];
  /** File or folder of the asset whose hash occurs in an S3 key, S3 URI or image tag. Throws when unknown. */
  assetPath(reference: string): string;
}

/** Who signed a request, after its signature was verified. */
export interface Principal {
  readonly accountId: string;
  /** `arn:aws:iam::…:role/x`, whose policies apply. */
  readonly roleArn: string;
  /** `arn:aws:sts::…:assumed-role/x/session`, what services see. */
  readonly userArn: string;
  /** `AROA…:session` */
  readonly userId: string;
  readonly sessionName: string;
  /** Set for credentials from an identity pool. */
  readonly cognitoIdentityId?: string;
  readonly cognitoIdentityPoolId?: string;
}

export interface SessionCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiration: Date;
}

/** Values of condition keys, e.g. `ecs:cluster`. A key that is absent is absent, not empty. */
export type ConditionContext = Readonly<Record<string, string | readonly string[] | undefined>>;

export interface HttpRequest {
  readonly method: string;
  /** Path and query as received, e.g. `/bucket/key?x-id=PutObject`. */
  readonly url: URL;
  readonly rawPath: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface HttpReply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

/** The error every service throws; the gateway renders it in the service's own protocol. */
export class AwsError extends Error {
  readonly code: string;
  readonly status: number;
  /** Further members of a JSON error, e.g. `resourceIds` or `CancellationReasons`. */
  readonly details: Readonly<Record<string, unknown>>;
  constructor(code: string, message: string, status = 400, details: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.name = 'AwsError';
    this.code = code;
    this.status = status;
    this.details = details;
  }
}

export interface Iam {
  /** Credentials of a role's session, as AssumeRole would make them. `lifetimeSeconds` defaults to 3600. */
  assumeRole(input: {
    roleArn: string;
    sessionName: string;
    lifetimeSeconds?: number;
    cognitoIdentityId?: string;
    cognitoIdentityPoolId?: string;
  }): SessionCredentials;
  /** Ends credentials at once (a task that stopped). */
  revoke(accessKeyId: string): void;
  /**
   * Verifies a SigV4 header or presigned query. Throws AwsError in the shape AWS uses
   * (MissingAuthenticationToken, UnrecognizedClientException, SignatureDoesNotMatch, ExpiredToken…).
   * `service` is the scope that must be signed for.
   */
  authenticate(request: HttpRequest, service: string): Promise<Principal>;
  /** Throws AccessDenied (403) naming principal, action and resource unless the synthesised policies allow it. */
  authorize(principal: Principal, action: string, resource: string, context?: ConditionContext): void;
  /** The same, as a question. */
  allows(principal: Principal, action: string, resource: string, context?: ConditionContext): boolean;
  /**
   * May the AWS service (e.g. `ecs-tasks.amazonaws.com`) assume this role? Checked against its trust policy.
   * For `cognito-identity.amazonaws.com` that is AssumeRoleWithWebIdentity: give its `aud` and `amr` as context.
   */
  trusts(roleArn: string, servicePrincipal: string, context?: ConditionContext): boolean;
}

/** What a service may use. Services reach each other only through this. */
export interface CloudContext {
  readonly assembly: Assembly;
  readonly iam: Iam;
  readonly region: string;
  readonly accountId: string;
  /** Folder for this service's data; survives restarts. */
  readonly dataDirectory: string;
  /** Base URL of the gateway, e.g. `http://127.0.0.1:4566`. */
  readonly endpoint: string;
  readonly now: () => Date;
  /** One JSON-able event; never secrets or bodies. */
  readonly log: (event: Readonly<Record<string, unknown>>) => void;
  /** Invokes a function by ARN or name as an AWS service would. */
  readonly invoke: (functionArn: string, event: unknown) => Promise<InvokeResult>;
  /** Puts an event on the default bus. */
  readonly emit: (event: {
    source: string;
    detailType: string;
    resources: readonly string[];
    detail: unknown;
  }) => void;
  /** Mail or SMS that a service sends to a person: shown on the console and the inbox page. */
  readonly deliverMail: (mail: { to: string; subject: string; text: string }) => void;
  /** A request made inside the cloud on a role's behalf (AppSync data sources): signed, verified and policy-checked as any other. */
  readonly request: (input: {
    roleArn: string;
    sessionName: string;
    service: string;
    target: string;
    body: unknown;
  }) => Promise<unknown>;
}

/** `functionError` as in Lambda's Invoke: the payload then holds errorType and errorMessage. */
export interface InvokeResult {
  readonly payload: unknown;
  readonly functionError?: 'Handled' | 'Unhandled';
}

/** One AWS API behind the gateway. A request is routed to the first service whose `accepts` is true. */
export interface AwsService {
  readonly name: string;
  accepts(request: HttpRequest): boolean;
  /** Answers preflights and sets CORS headers by itself, from its own configuration. */
  readonly ownCors?: boolean;
  handle(request: HttpRequest): Promise<HttpReply>;
  /** Web socket upgrades, where the service has any. Returns false when the path is not its own. */
  upgrade?(request: IncomingMessage, socket: Duplex, head: Buffer): boolean;
  /** Stops what it runs; resolves when nothing is left. */
  close(): Promise<void>;
}
