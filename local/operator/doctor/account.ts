import { GetServiceQuotaCommand } from '@aws-sdk/client-service-quotas';
import { GetParameterCommand, ParameterNotFound } from '@aws-sdk/client-ssm';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import type { Configuration } from '../../../amplify/configuration.ts';
import { awsFault, isDenied } from '../aws-fault.ts';
import type { Clients } from '../clients.ts';
import { type Finding, missing, note, ok, unknown } from './finding.ts';

/** Version of the CDK bootstrap stack that Amplify's templates ask for. */
const leastBootstrap = 6;

/** Who is calling, and where. Throws a Fault when AWS can't be asked at all: no other check would tell more. */
export async function whoami({
  sts,
}: Clients): Promise<{ account: string; region: string; finding: Finding }> {
  try {
    const region = await sts.config.region();
    const { Account: account = '', Arn: arn = '' } = await sts.send(new GetCallerIdentityCommand({}));
    const place = `Account ${account}, region ${region}, as ${arn.split(':').at(-1)}`;
    const finding = arn.endsWith(':root')
      ? note(
          `${place}: the account's root user`,
          'Use a role or an IAM Identity Center user for everyday work.',
        )
      : ok(place);
    return { account, region, finding };
  } catch (error) {
    throw awsFault('Who am I?', error);
  }
}

/** CDK's own place in the account and region. */
export async function bootstrap({ ssm }: Clients, account: string, region: string): Promise<Finding> {
  const command = `npx aws-cdk@2 bootstrap aws://${account}/${region}`;
  try {
    const { Parameter } = await ssm.send(
      new GetParameterCommand({ Name: '/cdk-bootstrap/hnb659fds/version' }),
    );
    const version = Number(Parameter?.Value);
    if (version >= leastBootstrap) return ok(`The region is bootstrapped for CDK (version ${version})`);
    return missing(`The CDK bootstrap is too old (version ${Parameter?.Value})`, command);
  } catch (error) {
    if (error instanceof ParameterNotFound) return missing('The region is not bootstrapped for CDK', command);
    return cannotSee('the CDK bootstrap', error);
  }
}

const fargate = [
  { name: 'Fargate Spot', code: 'L-36FBB829', policies: ['spot-only', 'spot-first'] },
  { name: 'Fargate On-Demand', code: 'L-3032A538', policies: ['spot-first', 'on-demand'] },
] as const;

/** How many tasks the account's quotas let run side by side. */
export async function quotas({ quotas: client }: Clients, configuration: Configuration): Promise<Finding[]> {
  const cpus = configuration.taskSizes.usual.cpu / 1024;
  const asked = fargate.filter(({ policies }) =>
    (policies as readonly string[]).includes(configuration.capacityPolicy),
  );
  return Promise.all(
    asked.map(async ({ name, code }) => {
      const page = 'https://console.aws.amazon.com/servicequotas/home/services/fargate/quotas';
      try {
        const { Quota } = await client.send(
          new GetServiceQuotaCommand({ ServiceCode: 'fargate', QuotaCode: code }),
        );
        const tasks = Math.floor((Quota?.Value ?? 0) / cpus);
        const size = `${Quota?.Value} vCPU, ${cpus} a task`;
        if (tasks < 1) return missing(`${name} has no room for a task (${size})`, `Ask for more: ${page}`);
        const line = `${name} has room for ${tasks} ${tasks === 1 ? 'task' : 'tasks'} at a time (${size})`;
        return tasks < 3 ? note(line, `More people at a time need a higher quota: ${page}`) : ok(line);
      } catch (error) {
        return cannotSee(`the quota of ${name}`, error);
      }
    }),
  );
}

/** What could not be looked at is told as such: it may well be right. */
export function cannotSee(what: string, error: unknown): Finding {
  const { message, resolution } = awsFault(`Looking at ${what}`, error);
  return isDenied(error) ? unknown(message, resolution) : unknown(message);
}
