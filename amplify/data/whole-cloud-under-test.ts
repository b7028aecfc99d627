import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Amplify } from 'aws-amplify';
import { confirmSignUp, fetchAuthSession, signIn, signOut, signUp } from 'aws-amplify/auth';
import { parseAmplifyConfig } from 'aws-amplify/utils';
import { agentFields } from '../../container/bridge/appsync/agent-fields.ts';
import { graphqlCaller } from '../../container/bridge/appsync/graphql.ts';
import { serverClock } from '../../container/bridge/appsync/server-clock.ts';
import { synthesise } from '../../local/app/synthesise.ts';
import { type Cloud, startCloud } from '../../local/cloud/cloud.ts';

export interface Person {
  readonly sub: string;
  readonly token: string;
  /** Credentials of the identity pool, as a page would get them. */
  readonly credentials: Credentials;
}

interface Credentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string | undefined;
}

export interface Answer {
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly { errorType?: string; message: string }[];
}

/** AWSJSON, which a function's own JSON text makes twice encoded. */
export function parsed(value: unknown): unknown {
  const once = typeof value === 'string' ? JSON.parse(value) : value;
  return typeof once === 'string' ? JSON.parse(once) : once;
}

export const typeOf = ({ errors }: Answer) => errors?.[0]?.errorType ?? errors?.[0]?.message ?? 'no error';

/** For tests: our own backend in the local cloud, with tasks that do nothing: the tests speak in their place. */
export async function startWholeCloud() {
  const folder = mkdtempSync(join(tmpdir(), 'whole-cloud-'));
  const password = 'correct Horse 9 battery';
  const mails: string[] = [];
  await synthesise(join(folder, 'cdk.out'));
  const cloud: Cloud = await startCloud({
    assemblyDirectory: join(folder, 'cdk.out'),
    dataDirectory: join(folder, 'data'),
    port: 0,
    corsOrigins: [],
    deliverMail: ({ text }) => mails.push(text),
    log: () => {},
    imageFor: async () => ({
      command: [
        process.execPath,
        '-e',
        'setInterval(() => {}, 1000); process.on("SIGTERM", () => process.exit(0))',
      ],
      cwd: folder,
      env: {},
    }),
    graceSeconds: 5,
  });
  const configuration = parseAmplifyConfig(cloud.outputs as never);
  const cognito = configuration.Auth?.Cognito;
  if (!cognito) throw new Error('The outputs have no user pool');
  Object.assign(cognito, { userPoolEndpoint: cloud.endpoint, identityPoolEndpoint: cloud.endpoint });
  Amplify.configure(configuration);

  const roleOf = (part: string): string => {
    const roles = cloud.assembly.byType('AWS::IAM::Role').filter(({ logicalId }) => logicalId.includes(part));
    const [role] = roles;
    if (!role?.arn || roles.length > 1) throw new Error(`${roles.length} roles are called ${part}`);
    return role.arn;
  };
  /** Credentials of the one role whose logical id holds `part`. */
  const credentialsOf = (part: string, sessionName = 'test') =>
    cloud.context.iam.assumeRole({ roleArn: roleOf(part), sessionName });
  const caller = (credentials: Credentials) =>
    graphqlCaller({
      url: `${cloud.endpoint}/graphql`,
      region: 'us-east-1',
      credentials: async () => ({ ...credentials, sessionToken: credentials.sessionToken ?? '' }),
      clock: serverClock(),
    });

  return {
    cloud,
    credentialsOf,
    caller,

    async signUpPerson(username: string): Promise<Person> {
      await signUp({ username, password, options: { userAttributes: { email: username } } });
      await confirmSignUp({ username, confirmationCode: /\d{6}/.exec(mails.at(-1) ?? '')?.[0] ?? '' });
      await signIn({ username, password });
      const { tokens, credentials, userSub } = await fetchAuthSession();
      await signOut();
      if (!tokens || !credentials || !userSub) throw new Error(`${username} has no session`);
      return { sub: userSub, token: tokens.accessToken.toString(), credentials };
    },

    /** What a page does. */
    async ask(person: Person, query: string, variables: object = {}): Promise<Answer> {
      const response = await fetch(`${cloud.endpoint}/graphql`, {
        method: 'POST',
        headers: { authorization: person.token, 'content-type': 'application/json' },
        body: JSON.stringify({ query, variables }),
      });
      return (await response.json()) as Answer;
    },

    /** Calls fields as a session of a role. */
    sessionOf: (role: string, sessionName: string) => caller(credentialsOf(role, sessionName)),
    taskOf: (taskId: string) => agentFields(caller(credentialsOf('AgentTaskRole', taskId))),
    /** The real name of a resource, by type and a part of its logical id. */
    nameOf: (type: string, part: string): string =>
      cloud.assembly.byType(type).find(({ logicalId }) => logicalId.includes(part))?.physicalId ?? '',

    async close() {
      await cloud.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export type WholeCloud = Awaited<ReturnType<typeof startWholeCloud>>;
