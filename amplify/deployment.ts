import type { Node } from 'constructs';

/** Which deployment is being synthesised, as Amplify's CDK context says it. */
export interface Deployment {
  /** `<namespace>-<name>`: app id and branch, or package and developer. Begins the SSM parameters. */
  readonly id: string;
  /** A branch holds people's data: it is protected. A sandbox is made to be thrown away. */
  readonly isBranch: boolean;
  /** The one that the local cloud serves (local/app/synthesise.ts). */
  readonly isLocal: boolean;
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
    // What SSM takes in a parameter's name.
    id: `${namespace}-${name}`.replace(/[^\w.-]/g, '-'),
    isBranch: type === 'branch',
    isLocal: type === 'sandbox' && namespace === 'app' && name === 'local',
  };
}
