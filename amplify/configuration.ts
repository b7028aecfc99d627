/**
 * Everything about a deployment that its operator may choose. Read once at synthesis from environment variables
 * (in Amplify Hosting: App settings, Environment variables), each with a default.
 */
import { z } from 'zod';
import type { UsageLimits } from './core/allowance.ts';
import { toMicros } from './core/price.ts';
import { capacityPolicies, defaultIdleSeconds, type ModelReach, modelReaches } from './core/settings.ts';
import type { DeploymentCaps } from './core/spending.ts';
import { type AllowedSizes, cpuChoices, fitsInto, isTaskSize, type TaskSize } from './core/task-size.ts';

/** The largest task that owners may choose where nothing else is said and the usual one is not larger. */
const largestTask: TaskSize = { cpu: 2048, memory: 4096 };

const cpuUnits = z.coerce
  .number()
  .refine((units) => cpuChoices.includes(units), `is none of ${cpuChoices.join(', ')}`);

/** How often something may happen. */
const count = z.coerce.number().int().positive().max(1_000_000);

const dollars = z.coerce.number().nonnegative().max(100_000);

const prefix = 'SERVERLESS_OPENCLAW_';

const shape = z
  .object({
    /** May strangers make themselves an account? Each account can spend your money. Without it: locally only. */
    SIGN_UP: z.enum(['open', 'closed']).optional(),
    /** CPU units of a task; 1024 is one vCPU. */
    TASK_CPU: cpuUnits.default(1024),
    /** Memory of a task, MiB. OpenClaw itself needs about 1,050 at its peak. */
    TASK_MEMORY: z.coerce.number().int().default(2048),
    /** The largest task that an owner may choose in the settings; the usual one where that is larger. */
    LARGEST_TASK_CPU: cpuUnits.optional(),
    LARGEST_TASK_MEMORY: z.coerce.number().int().optional(),
    /** Quiet time after which a task leaves, seconds, where its owner has set none. */
    IDLE_SECONDS: z.coerce.number().int().min(5).max(3600).default(defaultIdleSeconds),
    /** A session that lasts longer is ended, in a quiet moment if it has one, hours. */
    LONGEST_SESSION_HOURS: z.coerce.number().min(1).max(72).default(12),
    /** Which capacity a task runs on, where its owner has set none. */
    CAPACITY_POLICY: z.enum(capacityPolicies).default('spot-first'),
    /** Messages that one user may send, Retries too. A person who types does not come near these. */
    MESSAGES_PER_MINUTE: count.default(20),
    MESSAGES_PER_HOUR: count.default(200),
    MESSAGES_PER_DAY: count.default(1_000),
    /** Tasks that are started for one user, after a loss too. */
    TASKS_PER_DAY: count.default(100),
    /** What one account may cost a day and a month, US dollars: model calls and AWS together. */
    DAY_CAP_USD: dollars.default(5),
    MONTH_CAP_USD: dollars.default(50),
    /** What all accounts together may cost. */
    TOTAL_DAY_CAP_USD: dollars.default(20),
    TOTAL_MONTH_CAP_USD: dollars.default(200),
    /** `stopped`: no agent of this deployment calls a model or wakes. */
    SPENDING: z.enum(['allowed', 'stopped']).default('allowed'),
    /** How long logs are kept, days. */
    LOG_DAYS: z.coerce
      .number()
      .pipe(z.union([1, 3, 5, 7, 14, 30, 60, 90].map((days) => z.literal(days))))
      .default(7),
    /** Addresses that the web app is opened under beside Amplify's own (a domain of one's own), separated by commas. */
    WEB_ORIGINS: z
      .string()
      .default('')
      .transform((text) =>
        text
          .split(',')
          .map((each) => each.trim())
          .filter(Boolean),
      )
      .refine(
        (origins) => origins.every((origin) => URL.parse(origin)?.origin === origin),
        'is no list of origins, as https://chat.example.com',
      ),
    /** Where users’ models and browsers’ push services may answer: `any` also in the task’s own network and on the task itself. */
    MODEL_ADDRESSES: z.enum(modelReaches).default('public'),
    /** TCP ports that a task may reach on the internet, separated by commas; `all` for any port and protocol. */
    EGRESS_PORTS: z
      .string()
      .default('443,80')
      .transform((text) => (text.trim() === 'all' ? ('all' as const) : text.split(',').map(Number)))
      .refine(
        (ports) =>
          ports === 'all' || ports.every((port) => Number.isInteger(port) && port > 0 && port < 65_536),
        'is neither `all` nor ports separated by commas',
      ),
    /** Who is written to by alarms and by the budget. Without it nobody is, and there is no budget. */
    ALERT_EMAIL: z.email().optional(),
    /** What the account may cost a month before ALERT_EMAIL is written to, US dollars. */
    BUDGET_USD: z.coerce.number().positive().max(100_000).default(10),
    /** Hours of tasks within a day, of all users together, at which an alarm rings. */
    ALARM_TASK_HOURS: z.coerce.number().positive().max(10_000).default(12),
  })
  .refine((given) => isTaskSize(usualOf(given)), {
    path: ['TASK_MEMORY'],
    error: 'is not a size that Fargate has for this TASK_CPU',
  })
  .refine((given) => isTaskSize(largestOf(given)), {
    path: ['LARGEST_TASK_MEMORY'],
    error: 'is not a size that Fargate has for this LARGEST_TASK_CPU',
  })
  .refine((given) => fitsInto(usualOf(given), largestOf(given)), {
    path: ['LARGEST_TASK_CPU'],
    error: 'and LARGEST_TASK_MEMORY are less than TASK_CPU and TASK_MEMORY',
  });

interface Sizes {
  TASK_CPU: number;
  TASK_MEMORY: number;
  LARGEST_TASK_CPU?: number | undefined;
  LARGEST_TASK_MEMORY?: number | undefined;
}

const usualOf = ({ TASK_CPU, TASK_MEMORY }: Sizes): TaskSize => ({ cpu: TASK_CPU, memory: TASK_MEMORY });

/** Where only one of its two is set, the other is the usual task's. */
function largestOf(given: Sizes): TaskSize {
  const usual = usualOf(given);
  const { LARGEST_TASK_CPU: cpu, LARGEST_TASK_MEMORY: memory } = given;
  if (cpu !== undefined || memory !== undefined)
    return { cpu: cpu ?? usual.cpu, memory: memory ?? usual.memory };
  return fitsInto(usual, largestTask) ? largestTask : usual;
}

export interface Configuration {
  /** Undefined where nothing is said: then it is open locally and closed elsewhere. */
  readonly signUp: 'open' | 'closed' | undefined;
  readonly taskSizes: AllowedSizes;
  readonly idleSeconds: number;
  readonly longestSessionHours: number;
  readonly capacityPolicy: (typeof capacityPolicies)[number];
  /** For each user. */
  readonly limits: UsageLimits;
  readonly caps: DeploymentCaps;
  readonly logDays: number;
  readonly webOrigins: readonly string[];
  readonly modelReach: ModelReach;
  readonly egressPorts: 'all' | readonly number[];
  readonly alertEmail: string | undefined;
  /** US dollars a month. */
  readonly budgetDollars: number;
  /** Within a day. */
  readonly alarmTaskHours: number;
}

/**
 * Reads the configuration. An empty variable counts as absent. Throws one error that names every faulty variable.
 */
export function readConfiguration(environment: Readonly<Record<string, string | undefined>>): Configuration {
  const given = Object.fromEntries(
    Object.entries(environment)
      .filter(([name, value]) => name.startsWith(prefix) && value?.trim())
      .map(([name, value]) => [name.slice(prefix.length), value?.trim()]),
  );
  const unknown = Object.keys(given).filter((name) => !(name in shape.shape));
  const parsed = shape.safeParse(given);
  const faults = [
    ...unknown.map((name) => `${prefix}${name} is no setting`),
    ...(parsed.error?.issues ?? []).map(({ path, message }) => `${prefix}${path.join('.')}: ${message}`),
  ];
  if (faults.length > 0 || !parsed.data) throw new Error(`Configuration: ${faults.join('; ')}`);
  const settings = parsed.data;
  return {
    signUp: settings.SIGN_UP,
    taskSizes: { usual: usualOf(settings), largest: largestOf(settings) },
    idleSeconds: settings.IDLE_SECONDS,
    longestSessionHours: settings.LONGEST_SESSION_HOURS,
    capacityPolicy: settings.CAPACITY_POLICY,
    limits: {
      messagesPerMinute: settings.MESSAGES_PER_MINUTE,
      messagesPerHour: settings.MESSAGES_PER_HOUR,
      messagesPerDay: settings.MESSAGES_PER_DAY,
      tasksPerDay: settings.TASKS_PER_DAY,
    },
    caps: {
      dayMicros: toMicros(settings.DAY_CAP_USD),
      monthMicros: toMicros(settings.MONTH_CAP_USD),
      totalDayMicros: toMicros(settings.TOTAL_DAY_CAP_USD),
      totalMonthMicros: toMicros(settings.TOTAL_MONTH_CAP_USD),
      stopped: settings.SPENDING === 'stopped',
    },
    logDays: settings.LOG_DAYS,
    webOrigins: settings.WEB_ORIGINS,
    modelReach: settings.MODEL_ADDRESSES,
    egressPorts: settings.EGRESS_PORTS,
    alertEmail: settings.ALERT_EMAIL,
    budgetDollars: settings.BUDGET_USD,
    alarmTaskHours: settings.ALARM_TASK_HOURS,
  };
}
