import * as z from 'zod';
import { errorCodes } from './error.ts';

/** What the owner's agent is doing, as people see it. */
export const agentStates = ['asleep', 'waking', 'awake', 'stopping', 'failed'] as const;

/**
 * Steps of a wake in their order.
 * requested: RunTask was accepted. provisioning, pulling: from ECS task events. starting: the container runs.
 * restoring: the snapshot is fetched and unpacked. booting: OpenClaw starts. ready: the first message may be taken.
 */
export const wakePhases = [
  'requested',
  'provisioning',
  'pulling',
  'starting',
  'restoring',
  'booting',
  'ready',
] as const;
export const wakePhase = z.enum(wakePhases);
export type WakePhase = z.infer<typeof wakePhase>;

export const agentView = z.object({
  state: z.enum(agentStates),
  /** Grows with every change of the row; a view with a lower revision is older and is dropped. */
  revision: z.number().int().nonnegative(),
  phase: wakePhase.nullish(),
  /** Begin of the present wake. */
  wakeStartedAt: z.iso.datetime().nullish(),
  phaseAt: z.iso.datetime().nullish(),
  /** This owner's own median from wake to ready, milliseconds; absent before the first wake. */
  medianWakeMs: z.number().int().positive().nullish(),
  /** When an idle agent will leave. Absent while it works. */
  sleepsAt: z.iso.datetime().nullish(),
  /** The owner wants it awake until then, also when nothing happens. */
  keepAwakeUntil: z.iso.datetime().nullish(),
  /** It leaves as soon as it has nothing to do. */
  sleepRequested: z.boolean().nullish(),
  error: z.object({ code: z.enum(errorCodes), detail: z.string().nullish() }).nullish(),
});
export type AgentView = z.infer<typeof agentView>;
