import { parseArgs } from 'node:util';
import { readConfiguration } from '../../../amplify/configuration.ts';
import type { Use } from '../../../amplify/core/monthly-use.ts';
import { pricedRegions } from '../../../amplify/core/price.ts';
import type { TaskSize } from '../../../amplify/core/task-size.ts';
import { Fault } from '../../app/bootstrap/fault.mjs';

/** Numbers that may be given, what each is when it is not, and its bounds. */
const numbers = {
  hours: { preset: 2, least: 0, most: 24 },
  sessions: { preset: 4, least: 0, most: 1_000 },
  users: { preset: 1, least: 1, most: 1_000_000 },
  messages: { preset: 10, least: 1, most: 10_000 },
  'answer-seconds': { preset: 30, least: 1, most: 3_600 },
  boot: { preset: 1.5, least: 0, most: 60 },
  idle: { preset: undefined, least: 0, most: 60 },
  drain: { preset: 1, least: 0, most: 60 },
} as const;
type NumberName = keyof typeof numbers;
const whole: readonly NumberName[] = ['sessions', 'users', 'messages'];

export const help = `What a month of a deployment costs on AWS, without the model. Nothing is asked of AWS.

  npm run cost -- --hours 2 --sessions 4 --region ap-northeast-2

  --region <name>           ${pricedRegions.join(', ')} (default ${pricedRegions[0]})
  --hours <n>               of use a day, by each user (2)
  --sessions <n>            a day, by each user, in which those hours are used (4)
  --users <n>               (1)
  --cpu <units>             of a task: 512, 1024, 2048 or 4096 (SERVERLESS_OPENCLAW_TASK_CPU, or 1024)
  --memory <MiB>            of a task (SERVERLESS_OPENCLAW_TASK_MEMORY, or 2048)
  --messages <n>            in a session (10)
  --answer-seconds <n>      that an answer streams (30)
  --boot <minutes>          from a message until its task serves (1.5)
  --idle <minutes>          of quiet until a task leaves (SERVERLESS_OPENCLAW_IDLE_SECONDS, or 10)
  --drain <minutes>         to save and leave (1)
  --help                    this text

docs/cost.md says how it is computed.
`;

const tryHelp = 'See `npm run cost -- --help`.';

export interface CostQuestion {
  readonly region: string;
  readonly size: TaskSize;
  readonly use: Use;
}

/** What the command line asks, on top of a deployment's configuration. Null: for help. Throws a Fault. */
export function questionOf(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): CostQuestion | null {
  const values = parse(args);
  if (values.help) return null;
  const region = text(values.region) ?? pricedRegions[0] ?? '';
  if (!pricedRegions.includes(region))
    throw new Fault(`The prices of ${region} are not known.`, `Known are ${pricedRegions.join(', ')}.`);
  const { taskSizes, idleSeconds } = configurationWith(environment, values);
  const read = (name: NumberName) => numberOf(name, text(values[name]));
  const use: Use = {
    users: read('users'),
    hoursADay: read('hours'),
    sessionsADay: read('sessions'),
    messagesASession: read('messages'),
    answerSeconds: read('answer-seconds'),
    bootMinutes: read('boot'),
    idleMinutes: values.idle === undefined ? idleSeconds / 60 : read('idle'),
    drainMinutes: read('drain'),
    days: 30,
  };
  if (use.hoursADay > 0 && use.sessionsADay === 0)
    throw new Fault(
      `${use.hoursADay} hours a day in no session.`,
      'Give --sessions 1 or more, or --hours 0.',
    );
  const beside = (use.bootMinutes + use.idleMinutes + use.drainMinutes) / 60;
  const hours = use.hoursADay + use.sessionsADay * beside;
  if (hours > 24)
    throw new Fault(
      `One user's tasks would run for ${hours.toFixed(1)} hours a day.`,
      'A user has one task at a time: give fewer --sessions or --hours (for several people, --users).',
    );
  return { region, size: taskSizes.usual, use };
}

type Values = Readonly<Record<string, string | boolean | undefined>>;
const text = (value: string | boolean | undefined) => (typeof value === 'string' ? value : undefined);

function parse(args: readonly string[]): Values {
  const string = { type: 'string' } as const;
  const named = Object.fromEntries(
    [...Object.keys(numbers), 'region', 'cpu', 'memory'].map((name) => [name, string] as const),
  );
  try {
    return parseArgs({ args: [...args], options: { ...named, help: { type: 'boolean' } }, strict: true })
      .values as Values;
  } catch (error) {
    throw new Fault((error as Error).message, tryHelp);
  }
}

function numberOf(name: NumberName, given: string | undefined): number {
  const { preset = 0, least, most } = numbers[name];
  if (given === undefined) return preset;
  const value = given.trim() === '' ? Number.NaN : Number(given);
  const fits = value >= least && value <= most && (!whole.includes(name) || Number.isInteger(value));
  if (fits) return value;
  const kind = whole.includes(name) ? 'whole number' : 'number';
  throw new Fault(`--${name} ${given} is no ${kind} from ${least} to ${most}.`, tryHelp);
}

/** The deployment's own settings, with the size that is asked for: Fargate has some sizes only. */
function configurationWith(environment: Readonly<Record<string, string | undefined>>, values: Values) {
  const asked = {
    ...(values.cpu === undefined ? {} : { SERVERLESS_OPENCLAW_TASK_CPU: text(values.cpu) || '?' }),
    ...(values.memory === undefined ? {} : { SERVERLESS_OPENCLAW_TASK_MEMORY: text(values.memory) || '?' }),
  };
  try {
    return readConfiguration({ ...environment, ...asked });
  } catch (error) {
    const shown = (error as Error).message
      .replace('Configuration: ', '')
      .replaceAll(/(SERVERLESS_OPENCLAW_)?TASK_CPU/g, '--cpu')
      .replaceAll(/(SERVERLESS_OPENCLAW_)?TASK_MEMORY/g, '--memory');
    throw new Fault(Object.keys(asked).length > 0 ? shown : (error as Error).message, tryHelp);
  }
}
