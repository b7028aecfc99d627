// `npm run doctor`, `setup` and `teardown`: what an operator does to a deployment on AWS, from this machine.
import { parseArgs } from 'node:util';
import { Fault } from '../app/bootstrap/fault.mjs';
import { createProgress } from '../app/bootstrap/progress.mjs';
import { awsClients } from './clients.ts';
import { findDeployment, readDeployment } from './deployment.ts';
import { openDialogue } from './dialogue.ts';
import { examine } from './doctor/doctor.ts';
import { lineOf } from './doctor/finding.ts';
import { setUpCaps } from './setup/caps.ts';
import { inviteUser } from './setup/first-user.ts';
import { setUpModel } from './setup/model.ts';
import { setUpWebPush } from './setup/web-push.ts';
import { tearDown } from './teardown/teardown.ts';

const help = `What an operator does to a deployment on AWS.

  npm run doctor                  looks at the account and the deployment, changes nothing
  npm run setup                   asks for the model, its key, the first user, limits of spending and a contact for notifications
  npm run teardown                says what is there and what removing it would destroy; with --yes does it

  After \`--\`:
  --region <name>     AWS region, where no deployment is known yet
  --outputs <file>    the deployment (default amplify_outputs.json)
  --yes <deployment>  tear down this one: its name, so that it is no other
  --help              this text

Keys are asked for, or read line by line from a pipe; never given as an option.
`;

interface Options {
  readonly region: string | undefined;
  readonly outputs: string | undefined;
  readonly yes: string | undefined;
}

const commands: Readonly<Record<string, (options: Options) => Promise<number>>> = {
  async doctor({ region, outputs }) {
    const deployment = findDeployment(outputs);
    const found = await examine(awsClients(region ?? deployment?.region), deployment, process.env);
    for (const finding of found) process.stdout.write(`${lineOf(finding)}\n`);
    const missing = found.filter(({ state }) => state === 'missing').length;
    process.stdout.write(missing === 0 ? '\nNothing is missing.\n' : `\n${missing} missing.\n`);
    return missing === 0 ? 0 : 1;
  },
  async setup({ outputs }) {
    const deployment = readDeployment(outputs);
    const clients = awsClients(deployment.region);
    const dialogue = openDialogue();
    try {
      dialogue.say(`Setting up ${deployment.id} in ${deployment.region}.`);
      await setUpModel(clients, deployment, dialogue);
      await inviteUser(clients, deployment, dialogue);
      await setUpCaps(clients, deployment, dialogue, process.env);
      await setUpWebPush(clients, deployment, dialogue);
      dialogue.say('\nDone. `npm run doctor` looks at it all.');
    } finally {
      dialogue.close();
    }
    return 0;
  },
  async teardown({ outputs, yes }) {
    const deployment = readDeployment(outputs);
    const say = (line: string) => void process.stdout.write(`${line}\n`);
    await tearDown(awsClients(deployment.region), deployment, { yes, say });
    return 0;
  },
};

async function main(): Promise<number> {
  const [name = '', ...args] = process.argv.slice(2);
  const { values } = readOptions(args);
  if (values.help || name === '--help') {
    process.stdout.write(help);
    return 0;
  }
  const command = commands[name];
  if (!command) throw new Fault(`There is no command ${name}.`, help);
  return command({ region: values.region, outputs: values.outputs, yes: values.yes });
}

function readOptions(args: string[]) {
  const text = { type: 'string' } as const;
  try {
    const options = {
      region: text,
      outputs: text,
      yes: text,
      help: { type: 'boolean', default: false },
    } as const;
    return parseArgs({ args, options, strict: true });
  } catch (error) {
    throw new Fault((error as Error).message, 'See `npm run doctor -- --help`.');
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  createProgress({ out: process.stderr }).fail(error);
  process.exitCode = 1;
}
