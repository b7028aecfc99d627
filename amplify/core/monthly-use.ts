/** How one person uses the agent, and how many do. */
export interface Use {
  readonly users: number;
  /** From the first message of a session to the last answer, of all sessions of a day. */
  readonly hoursADay: number;
  readonly sessionsADay: number;
  readonly messagesASession: number;
  /** How long an answer streams. Deltas come once a second (container/bridge/turn/pacer.ts). */
  readonly answerSeconds: number;
  /** What a session takes beside its use, minutes: until it serves, until it is quiet for long enough, to save and leave. */
  readonly bootMinutes: number;
  readonly idleMinutes: number;
  readonly drainMinutes: number;
  readonly days: number;
}

/** What is assumed beside the use. Quantities of a message hold everything that it causes. */
export const assumptions = {
  modelCallsAMessage: 3,
  /** Steps, tool cards, beginning and end. */
  otherEventsAMessage: 10,
  /** `npm run bench:scale` counts 30 write and 13 read units, where nearly every message is a wake: the dearest case. */
  writesAMessage: 30,
  readsAMessage: 13,
  /** Of the row and its index. */
  writesACheckpoint: 3,
  /** Reserved and settled, in the owner's row and the deployment's, and counted for its conversation. */
  writesAModelCall: 6,
  secondsAPull: 30,
  writesAPull: 3,
  readsAPull: 3,
  /** Pages that are open and read lists and conversations. */
  queriesASession: 20,
  readsAQuery: 5,
  functionCallsASession: 15,
  secondsAFunctionCall: 0.5,
  functionGb: 0.5,
  sweepsAnHour: 12,
  readsASweep: 10,
  /** Whether any schedule is due: a query of an index, of a function that the minute before left warm. */
  scheduleRunsAnHour: 60,
  readsAScheduleRun: 1,
  secondsAScheduleRun: 0.1,
  logKbAScheduleRun: 0.5,
  logKbAFunctionCall: 2,
  logKbASession: 100,
  logKbAMessage: 5,
  /** Out of the task: prompts; into the page: answers. */
  kbOutAModelCall: 200,
  kbOutAMessage: 100,
  tableGbAUser: 0.1,
  /** Snapshots that are kept, files. */
  bucketGbAUser: 0.5,
  decryptionsASession: 5,
  images: 3,
  imageGb: 0.13,
  imageBuilds: 2,
  minutesAnImageBuild: 10,
  pageBuilds: 4,
  minutesAPageBuild: 10,
  pageMbASession: 1,
  pageGb: 0.02,
  /** Of a branch (amplify/watch). */
  alarms: 5,
  metrics: 5,
  dashboards: 1,
  mails: 10,
  queueRequests: 100,
} as const;

/** Hours of tasks: the use, and what each session takes beside it. Fargate bills a minute at least. */
export function taskHoursOf(use: Use): number {
  const sessions = use.users * use.sessionsADay * use.days;
  const beside = (use.bootMinutes + use.idleMinutes + use.drainMinutes) / 60;
  const hours = use.users * use.days * (use.hoursADay + use.sessionsADay * beside);
  return Math.max(hours, sessions / 60);
}
