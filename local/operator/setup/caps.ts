import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { readConfiguration } from '../../../amplify/configuration.ts';
import { wholeDeployment } from '../../../amplify/core/deployment-settings.ts';
import { toUsd } from '../../../amplify/core/price.ts';
import type { DeploymentCaps } from '../../../amplify/core/spending.ts';
import { awsFault } from '../aws-fault.ts';
import type { Clients } from '../clients.ts';
import { type Deployment, settingsTable } from '../deployment.ts';
import type { Dialogue } from '../dialogue.ts';
import { yesOrNo } from './model.ts';

const questions = [
  ['dayCapCents', 'dayMicros', 'One account, a day'],
  ['monthCapCents', 'monthMicros', 'One account, a month'],
  ['totalDayCapCents', 'totalDayMicros', 'All accounts together, a day'],
  ['totalMonthCapCents', 'totalMonthMicros', 'All accounts together, a month'],
] as const;

/**
 * Asks for limits of spending below those of the configuration, and stores them where admins change them in the web app.
 * They count at once; what is left empty follows the configuration.
 */
export async function setUpCaps(
  { dynamodb }: Pick<Clients, 'dynamodb'>,
  deployment: Deployment,
  dialogue: Dialogue,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  const { caps } = readConfiguration(environment);
  dialogue.say('\nLimits of what models and AWS may cost, in US dollars. By the settings of this shell:');
  for (const line of capLines(caps)) dialogue.say(`  • ${line}`);
  const lower = await dialogue.ask('Set lower ones? yes or no', { fallback: 'no', check: yesOrNo });
  if (lower === 'no') return;
  const set: [string, number][] = [];
  for (const [name, limit, title] of questions) {
    const most = toUsd(caps[limit]);
    const answer = await dialogue.ask(`${title}, up to ${most}, or nothing`, {
      check: (given) =>
        given === '' || (/^\d+([.]\d{1,2})?$/.test(given) && Number(given) <= most)
          ? undefined
          : `That is no amount up to ${most}, such as 2.50.`,
    });
    if (answer !== '') set.push([name, Math.round(Number(answer) * 100)]);
  }
  try {
    await dynamodb.send(update(settingsTable(deployment), set));
  } catch (error) {
    throw awsFault('Storing the limits', error);
  }
  dialogue.say('  ✓ They count from now on. Admins change them in the web app: Settings → Spending.');
}

const dollars = (micros: number) => `${toUsd(micros)} USD`;

/** For people, one line for an account and one for all. */
export const capLines = (caps: DeploymentCaps): string[] => [
  `An account: ${dollars(caps.dayMicros)} a day, ${dollars(caps.monthMicros)} a month`,
  `All accounts together: ${dollars(caps.totalDayMicros)} a day, ${dollars(caps.totalMonthMicros)} a month`,
];

/** Sets what was answered and takes the other limits away; a page that is open learns of it by the revision. */
function update(table: string, set: readonly [string, number][]): UpdateItemCommand {
  const unset = questions.map(([name]) => name).filter((name) => !set.some(([given]) => given === name));
  return new UpdateItemCommand({
    TableName: table,
    Key: { owner: { S: wholeDeployment } },
    UpdateExpression: [
      set.length > 0 ? `SET ${set.map(([name]) => `${name} = :${name}`).join(', ')}` : '',
      unset.length > 0 ? `REMOVE ${unset.join(', ')}` : '',
      'ADD revision :one',
    ].join(' '),
    ExpressionAttributeValues: {
      ':one': { N: '1' },
      ...Object.fromEntries(set.map(([name, cents]) => [`:${name}`, { N: String(cents) }])),
    },
  });
}
