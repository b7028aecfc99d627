// `npm run verify:live -- --spend`: looks at a deployment as two people and prints rows for docs/verification.md.
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { ECSClient } from '@aws-sdk/client-ecs';
import { parseAmplifyConfig } from 'aws-amplify/utils';
import { Fault } from '../app/bootstrap/fault.mjs';
import { createProgress } from '../app/bootstrap/progress.mjs';
import { inviteGuest, seeOff } from './guests.ts';
import { person } from './person.ts';
import { type Observation, verify } from './verify.ts';

const help = `Verifies a sandbox on AWS: two accounts are made and removed, a task runs for some minutes, and is stopped once.
It costs some cents and tokens of the deployment's model, so it needs to be told to.

  npm run verify:live -- --spend

  --outputs <file>    the deployment (default amplify_outputs.json)
  --patience <s>      how long a wake may take (default 300)
  --help              this text

It prints rows for docs/verification.md, and ends with an error when one of them does not hold.
`;

interface Outputs {
  auth: { user_pool_id: string; aws_region: string };
  data: { url: string };
  custom: { deployment: string; cluster: string };
}

/** Runs the verification of a deployment with accounts that are gone afterwards. */
export async function verifyDeployment(input: {
  outputs: Outputs;
  config: Record<string, unknown>;
  cognito: CognitoIdentityProviderClient;
  ecs: ECSClient;
  patience: number;
}): Promise<readonly Observation[]> {
  const { outputs, config, cognito, ecs, patience } = input;
  const pool = outputs.auth.user_pool_id;
  const [first, second] = [await inviteGuest(cognito, pool), await inviteGuest(cognito, pool)];
  try {
    const ada = await person(config, outputs.data.url, first);
    const ben = await person(config, outputs.data.url, second);
    try {
      return await verify({ ada, ben, ecs, cluster: outputs.custom.cluster, patience });
    } finally {
      ada.leave();
      ben.leave();
    }
  } finally {
    for (const guest of [first, second]) await seeOff(cognito, pool, guest);
  }
}

/** Rows to paste, and what can't be seen within minutes. */
export function rowsOf(
  observations: readonly Observation[],
  { deployment, region, day }: Record<string, string>,
): string {
  const rows = observations.map(
    ({ claim, seen, holds }) =>
      `| ${claim} | live ${day}, ${region}, ${deployment}: ${holds ? 'holds' : '**DOES NOT HOLD**'}; ${seen} |`,
  );
  return [
    ...['| claim | seen live |', '|---|---|', ...rows],
    `| Cost of it | look in Billing, *Cost Explorer*, tomorrow: the bill of ${day} is hours late |`,
  ].join('\n');
}

async function main(): Promise<void> {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean', default: false } as const;
  const { values } = parseArgs({ options: { outputs: text, patience: text, spend: flag, help: flag } });
  if (values.help) {
    process.stdout.write(help);
    return;
  }
  if (!values.spend) throw new Fault('This runs on AWS and costs money; nothing was done.', help);
  const file = values.outputs ?? 'amplify_outputs.json';
  const outputs = JSON.parse(readFileSync(file, 'utf8')) as Outputs;
  const region = outputs.auth.aws_region;
  const observations = await verifyDeployment({
    outputs,
    config: parseAmplifyConfig(outputs as never) as unknown as Record<string, unknown>,
    cognito: new CognitoIdentityProviderClient({ region }),
    ecs: new ECSClient({ region }),
    patience: Number(values.patience ?? 300) * 1000,
  });
  const place = { deployment: outputs.custom.deployment, region, day: new Date().toISOString().slice(0, 10) };
  process.stdout.write(`${rowsOf(observations, place)}\n`);
  if (observations.some(({ holds }) => !holds)) process.exitCode = 1;
}

if (process.argv[1] === import.meta.filename) {
  try {
    await main();
  } catch (error) {
    createProgress({ out: process.stderr }).fail(error);
    process.exitCode = 1;
  }
}
