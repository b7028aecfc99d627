// `npm run telegram`: the Telegram bot of a deployment on AWS, from this machine.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import * as z from 'zod';
import { Fault } from '../../app/bootstrap/fault.mjs';
import { createProgress } from '../../app/bootstrap/progress.mjs';
import { awsClients } from '../clients.ts';
import { readDeployment } from '../deployment.ts';
import { openDialogue } from '../dialogue.ts';
import { botCommands } from './commands.ts';

const help = `The Telegram bot of a deployment on AWS.

  npm run telegram -- setup     asks for the token of @BotFather, stores it, registers webhook, commands and descriptions
  npm run telegram -- rotate    a new secret for the webhook
  npm run telegram -- status    how Telegram sees it
  npm run telegram -- remove    disconnects the bot and removes what is stored

  --outputs <file>    the deployment (default amplify_outputs.json)
  --api-root <url>    a Bot API server of your own instead of Telegram's
  --help              this text

The token is asked for, or read from a pipe; never given as an option.
`;

const outputs = z.object({ custom: z.object({ telegramWebhookUrl: z.url() }) });

async function main(): Promise<void> {
  const text = { type: 'string' } as const;
  const options = { outputs: text, 'api-root': text, help: { type: 'boolean', default: false } } as const;
  const { values, positionals } = parseArgs({ options, allowPositionals: true, strict: true });
  const [name = ''] = positionals;
  const command = Object.hasOwn(botCommands, name) ? botCommands[name] : undefined;
  if (values.help || !command) {
    if (!values.help && name !== '') throw new Fault(`There is no command ${name}.`, help);
    process.stdout.write(help);
    return;
  }
  const deployment = readDeployment(values.outputs);
  const file = resolve(values.outputs ?? 'amplify_outputs.json');
  const parsed = outputs.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  if (!parsed.success) throw new Fault(`${file} names no webhook.`, 'Deploy this version first.');
  const dialogue = openDialogue();
  try {
    await command({
      ssm: awsClients(deployment.region).ssm,
      deployment: { id: deployment.id, webhookUrl: parsed.data.custom.telegramWebhookUrl },
      dialogue,
      apiRoot: values['api-root'],
    });
  } finally {
    dialogue.close();
  }
}

try {
  await main();
} catch (error) {
  createProgress({ out: process.stderr }).fail(error);
  process.exitCode = 1;
}
