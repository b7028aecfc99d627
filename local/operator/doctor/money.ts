import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import type { Configuration } from '../../../amplify/configuration.ts';
import {
  deploymentCapsOf,
  deploymentSettings,
  wholeDeployment,
} from '../../../amplify/core/deployment-settings.ts';
import { monthlyCost, totalUsd } from '../../../amplify/core/monthly-cost.ts';
import { awsPricesOf, spotDiscounts, taskSecondUsd } from '../../../amplify/core/price.ts';
import type { Clients } from '../clients.ts';
import { questionOf } from '../cost/options.ts';
import { type Deployment, settingsTable } from '../deployment.ts';
import { capLines } from '../setup/caps.ts';
import { cannotSee } from './account.ts';
import { type Finding, note, ok } from './finding.ts';

/** What this configuration costs on AWS: an hour of a task, a month of one person's use, and one of nobody's. */
export function price(
  { taskSizes: { usual }, capacityPolicy }: Configuration,
  region: string,
  environment: Readonly<Record<string, string | undefined>>,
): Finding {
  const { prices, asOf, isOwn } = awsPricesOf(region);
  const capacity = capacityPolicy === 'on-demand' ? 'FARGATE' : 'FARGATE_SPOT';
  const discount = capacity === 'FARGATE' ? 0 : spotDiscounts[0];
  const month = (...use: string[]) => {
    const question = questionOf(use, environment);
    if (!question) throw new Error('no question');
    return totalUsd(monthlyCost(prices, usual, question.use, discount), true).toFixed(2);
  };
  const hour = (taskSecondUsd(prices, usual, capacity) * 3600).toFixed(3);
  const says =
    `Price, without the model: ${hour} USD an hour of a task; about ${month()} USD a month with two hours a day ` +
    `in four sessions, ${month('--hours', '0', '--sessions', '0')} while nobody talks, within the free tier (prices of ${asOf})`;
  return isOwn
    ? ok(`${says}. npm run cost shows each line`)
    : note(`${says}; those of Seoul, since nobody has read the prices of ${region}`);
}

/** What may be spent, as far as it is known: the settings of this shell, lowered by what admins have set. */
export async function caps(
  { dynamodb }: Pick<Clients, 'dynamodb'>,
  deployment: Deployment,
  { caps: configured }: Configuration,
): Promise<Finding> {
  try {
    const { Item = {} } = await dynamodb.send(
      new GetItemCommand({ TableName: settingsTable(deployment), Key: { owner: { S: wholeDeployment } } }),
    );
    const set = deploymentSettings.parse(
      Object.fromEntries(
        Object.entries(Item).map(([name, value]) => [
          name,
          value.N === undefined ? value.BOOL : Number(value.N),
        ]),
      ),
    );
    const found = deploymentCapsOf(configured, set);
    if (found.stopped) {
      return note(
        'Spending is stopped: no agent calls a model or wakes',
        set.spendingStopped
          ? 'An admin allows it in the web app: Settings → Spending.'
          : 'SERVERLESS_OPENCLAW_SPENDING=allowed, and deploy.',
      );
    }
    return ok(`Limits. ${capLines(found).join('. ')}`);
  } catch (error) {
    return cannotSee('the limits', error);
  }
}
