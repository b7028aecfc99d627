import type { Node } from 'constructs';

/** Which deployment is being synthesised, as Amplify's CDK context says it. */
export interface Deployment {
  /** `<namespace>-<name>`: app id and branch, or package and developer. Begins the SSM parameters. */
  readonly id: string;
  /** App id of a branch. */
  readonly namespace: string;
  /** Name of a branch. */
  readonly name: string;
  /** A branch holds people's data: it is protected. A sandbox is made to be thrown away. */
  readonly isBranch: boolean;
  /** The one that the local cloud serves (local/app/synthesise.ts). */
  readonly isLocal: boolean;
}

/**
 * Where the web app is served from, for the bucket's CORS: Amplify Hosting's own address of a branch, a developer's
 * machine for a sandbox, and whatever the operator names beside it (a domain of one's own).
 */
export function pageOrigins(deployment: Deployment, named: readonly string[]): string[] {
  const { namespace, name, isBranch } = deployment;
  const branch = name.toLowerCase().replace(/[^a-z0-9-]/g, '-');
  const own = isBranch
    ? [`https://${branch}.${namespace}.amplifyapp.com`]
    : ['http://localhost:*', 'http://127.0.0.1:*'];
  return [...new Set([...own, ...named])];
}

/** Reads the deployment from a construct's context. Throws when it was not synthesised as Amplify does. */
export function deploymentOf(node: Node): Deployment {
  const read = (key: string): string => {
    const value: unknown = node.tryGetContext(key);
    if (typeof value !== 'string' || value === '') throw new Error(`The CDK context ${key} is missing`);
    return value;
  };
  const namespace = read('amplify-backend-namespace');
  const name = read('amplify-backend-name');
  const type = read('amplify-backend-type');
  return {
    namespace,
    name,
    // What SSM takes in a parameter's name.
    id: `${namespace}-${name}`.replace(/[^\w.-]/g, '-'),
    isBranch: type === 'branch',
    isLocal: type === 'sandbox' && namespace === 'app' && name === 'local',
  };
}
