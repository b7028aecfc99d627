import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import * as z from 'zod';
import { Fault } from '../app/bootstrap/fault.mjs';

/** What amplify_outputs.json says of a deployment, as far as its operator needs it. */
export interface Deployment {
  /** `<namespace>-<name>`: begins the SSM parameters. */
  readonly id: string;
  readonly region: string;
  readonly userPoolId: string;
  readonly bucket: string;
  /** Id of the GraphQL API: a part of the tables' names. */
  readonly apiId: string;
  readonly signUpOpen: boolean;
}

/** As Amplify names a model's table. */
export const settingsTable = ({ apiId }: Pick<Deployment, 'apiId'>): string => `Settings-${apiId}-NONE`;

const outputs = z
  .object({
    auth: z.object({ aws_region: z.string(), user_pool_id: z.string() }),
    storage: z.object({ bucket_name: z.string() }),
    custom: z.object({ deployment: z.string(), apiId: z.string(), signUpOpen: z.boolean() }),
  })
  .transform(
    ({ auth, storage, custom }): Deployment => ({
      id: custom.deployment,
      apiId: custom.apiId,
      signUpOpen: custom.signUpOpen,
      region: auth.aws_region,
      userPoolId: auth.user_pool_id,
      bucket: storage.bucket_name,
    }),
  );

const howToGetIt =
  'A sandbox writes it (`npx ampx sandbox --once`); for a branch: `npx ampx generate outputs --branch BRANCH --app-id APP`.';

/** The deployment that a file describes; undefined when there is no file. Throws a Fault for a file of something else. */
export function findDeployment(
  file = 'amplify_outputs.json',
  folder = process.cwd(),
): Deployment | undefined {
  const path = resolve(folder, file);
  if (!existsSync(path)) return undefined;
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    throw new Fault(`${path} is no JSON.`, howToGetIt);
  }
  const parsed = outputs.safeParse(content);
  if (parsed.success) return parsed.data;
  const missing = parsed.error.issues.map(({ path: place }) => place.join('.')).join(', ');
  throw new Fault(
    `${path} does not describe a deployment of Serverless OpenClaw: it lacks ${missing}.`,
    howToGetIt,
  );
}

/** The same, where nothing can be done without it. */
export function readDeployment(file?: string, folder?: string): Deployment {
  const found = findDeployment(file, folder);
  if (found) return found;
  throw new Fault(
    `There is no ${file ?? 'amplify_outputs.json'} here, so no deployment is known.`,
    howToGetIt,
  );
}
