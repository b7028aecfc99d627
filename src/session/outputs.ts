/** What the deployment says about itself beside Amplify's own configuration: `backend.addOutput({custom})`. */
export interface Deployment {
  /** False when the deployment takes no new accounts. */
  signUpOpen: boolean;
  /** What people must know about the model, e.g. that it is a scripted demonstration. */
  modelNotice: { en: string; ko: string } | null;
}

/** `Amplify.configure` takes it as it is, whichever of its two forms it has. */
export type AmplifyOutputs = Record<string, unknown>;

export type OutputsFault = 'missing' | 'unreachable' | 'broken';

/** The page cannot start. */
export class OutputsError extends Error {
  readonly fault: OutputsFault;
  constructor(fault: OutputsFault, cause?: unknown) {
    super(`amplify_outputs.json: ${fault}`, { cause });
    this.name = 'OutputsError';
    this.fault = fault;
  }
}

const path = '/amplify_outputs.json';

/** Reads the file that connects the page to its backend. Throws `OutputsError`. */
export async function readOutputs(get: (path: string) => Promise<Response> = fetch): Promise<AmplifyOutputs> {
  let response: Response;
  try {
    response = await get(path);
  } catch (cause) {
    throw new OutputsError('unreachable', cause);
  }
  if (response.status >= 500) throw new OutputsError('unreachable', response.status);
  // A host that answers every unknown path with the page itself has no such file either.
  const isPage = response.headers.get('content-type')?.includes('text/html');
  if (!response.ok || isPage) throw new OutputsError('missing', response.status);
  const outputs: unknown = await response.json().catch((cause) => {
    throw new OutputsError('broken', cause);
  });
  if (typeof outputs !== 'object' || outputs === null) throw new OutputsError('broken');
  return outputs as AmplifyOutputs;
}

/** Where the page finds its backend. */
export interface Backend {
  /** The AppSync GraphQL endpoint. */
  endpoint: string;
  /** The user pool's client. */
  clientId: string;
  /** Where Cognito takes calls about the user pool. */
  userPoolEndpoint: string;
}

interface Known {
  auth?: { user_pool_id?: string; user_pool_client_id?: string };
  data?: { url?: string };
  Auth?: { Cognito?: { userPoolId?: string; userPoolClientId?: string; userPoolEndpoint?: string } };
  API?: { GraphQL?: { endpoint?: string } };
}

/** Reads the backend's addresses from either form of the outputs. Throws `OutputsError` when one is missing. */
export function backendOf(outputs: AmplifyOutputs): Backend {
  const { auth, data, Auth, API } = outputs as Known;
  const poolId = auth?.user_pool_id ?? Auth?.Cognito?.userPoolId;
  const clientId = auth?.user_pool_client_id ?? Auth?.Cognito?.userPoolClientId;
  const endpoint = data?.url ?? API?.GraphQL?.endpoint;
  // A pool's id begins with its region.
  const region = poolId?.split('_')[0];
  if (!region || !clientId || !endpoint) throw new OutputsError('broken');
  const userPoolEndpoint = Auth?.Cognito?.userPoolEndpoint ?? `https://cognito-idp.${region}.amazonaws.com/`;
  return { endpoint, clientId, userPoolEndpoint };
}

/** Reads our own part of the outputs; what is absent or odd has its safe default. */
export function deploymentOf(outputs: AmplifyOutputs): Deployment {
  const custom = (outputs.custom ?? {}) as {
    signUpOpen?: unknown;
    modelNotice?: { en?: unknown; ko?: unknown };
  };
  const { en, ko } = custom.modelNotice ?? {};
  return {
    signUpOpen: custom.signUpOpen !== false,
    modelNotice: typeof en === 'string' && typeof ko === 'string' ? { en, ko } : null,
  };
}
