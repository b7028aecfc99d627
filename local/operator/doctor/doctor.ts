import { type Configuration, readConfiguration } from '../../../amplify/configuration.ts';
import type { Clients } from '../clients.ts';
import type { Deployment } from '../deployment.ts';
import { bootstrap, quotas, whoami } from './account.ts';
import { model, users } from './deployment.ts';
import { type Finding, missing, note, ok } from './finding.ts';
import { caps, price } from './money.ts';

/**
 * Looks at an account and, where there is one, at a deployment, and changes nothing. Gives what it found, in the order
 * in which things are done. Throws a Fault when AWS can't be asked.
 */
export async function examine(
  clients: Clients,
  deployment: Deployment | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<readonly Finding[]> {
  const { account, region, finding } = await whoami(clients);
  const settings = configurationOf(environment);
  const found = [finding, await bootstrap(clients, account, region), settings.finding];
  const { configuration } = settings;
  if (configuration) {
    found.push(...(await quotas(clients, configuration)));
    found.push(price(configuration, deployment?.region ?? region, environment));
  }
  if (!deployment) {
    return [...found, note('No deployment here yet (amplify_outputs.json)', 'npx ampx sandbox --once')];
  }
  found.push(ok(`Deployment ${deployment.id} in ${deployment.region}`));
  const checks = [model(clients, deployment), users(clients, deployment)];
  if (configuration) checks.push(caps(clients, deployment, configuration));
  return [...found, ...(await Promise.all(checks))];
}

function configurationOf(environment: Readonly<Record<string, string | undefined>>): {
  configuration?: Configuration;
  finding: Finding;
} {
  try {
    const configuration = readConfiguration(environment);
    const { taskSizes, capacityPolicy, idleSeconds, alertEmail, budgetDollars } = configuration;
    const { cpu, memory } = taskSizes.usual;
    const size = `${cpu / 1024} vCPU, ${memory} MiB, ${capacityPolicy}, asleep after ${idleSeconds} s`;
    const says = `Settings of this shell: ${size}`;
    return {
      configuration,
      finding:
        alertEmail === undefined
          ? note(`${says}; nobody is told of trouble or of money`, 'Set SERVERLESS_OPENCLAW_ALERT_EMAIL.')
          : ok(`${says}; ${alertEmail} is told at ${budgetDollars} USD a month`),
    };
  } catch (error) {
    return { finding: missing(String((error as Error).message), 'docs/deploy.md lists the settings.') };
  }
}
