import { z } from 'zod';

const schema = z
  .object({
    /** The app's AppSync endpoint; RunTask's overrides carry it. */
    GRAPHQL_URL: z.url({ protocol: /^https?$/ }),
    /** What metrics count for; RunTask's overrides carry it. */
    DEPLOYMENT: z.string().default(''),
    AWS_REGION: z.string().min(1),
    AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: z.string().startsWith('/').optional(),
    AWS_CONTAINER_CREDENTIALS_FULL_URI: z.url({ protocol: /^https?$/ }).optional(),
    AGENT_HOME: z.string().startsWith('/').default('/agent'),
    LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
  })
  .refine(
    (e) => e.AWS_CONTAINER_CREDENTIALS_RELATIVE_URI || e.AWS_CONTAINER_CREDENTIALS_FULL_URI,
    'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI or AWS_CONTAINER_CREDENTIALS_FULL_URI is needed: ECS sets one for a task with a role',
  );

export interface Environment {
  readonly graphqlUrl: string;
  readonly deployment: string;
  readonly region: string;
  readonly credentialsUrl: string;
  readonly home: string;
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error';
}

/** The address at which ECS serves a task's credentials (Amazon ECS developer guide, "task IAM role"). */
const ecsCredentialsHost = 'http://169.254.170.2';

/** Reads the bridge's whole configuration. Throws one error that names every fault. */
export function readEnvironment(variables: Readonly<Record<string, string | undefined>>): Environment {
  const result = schema.safeParse(variables);
  if (!result.success) {
    const faults = result.error.issues.map((issue) =>
      [issue.path.join('.'), issue.message].filter(Boolean).join(': '),
    );
    throw new Error(`The bridge's environment is wrong. ${faults.join('; ')}`);
  }
  const e = result.data;
  return {
    graphqlUrl: e.GRAPHQL_URL,
    deployment: e.DEPLOYMENT,
    region: e.AWS_REGION,
    credentialsUrl: e.AWS_CONTAINER_CREDENTIALS_RELATIVE_URI
      ? ecsCredentialsHost + e.AWS_CONTAINER_CREDENTIALS_RELATIVE_URI
      : (e.AWS_CONTAINER_CREDENTIALS_FULL_URI as string),
    home: e.AGENT_HOME,
    logLevel: e.LOG_LEVEL,
  };
}

/**
 * Removes what leads to credentials from this process's environment, so that no child inherits it by mistake.
 * It does not change /proc/<pid>/environ, which Linux keeps as it was at exec: a process of the SAME user can still
 * read it there. Only another UID (the container's normal case) hides it; docs/agent-container.md says so.
 */
export function scrubEnvironment(variables: Record<string, string | undefined>): void {
  for (const name of Object.keys(variables)) {
    if (/^(AWS_|ECS_|GRAPHQL_URL$)/.test(name)) delete variables[name];
  }
}
