import { AppError } from '../error.ts';
import { type Lease, livingSuccessor, snapshotsOf } from '../lease.ts';
import { modelPriceOf } from '../model-price.ts';
import type { LeaseStore, Log, ParameterStore, SettingsStore, SnapshotUrls } from '../ports.ts';
import { keyFor, providerKeyName } from '../provider-key.ts';
import {
  endpointOf,
  type ModelDefault,
  type ModelReach,
  modelDefault,
  type Settings,
  unusedIdleSeconds,
} from '../settings.ts';
import { type NotYet, type TaskGrant, taskGrant } from '../task-grant.ts';
import { transcriberOf } from '../transcriber.ts';

/** Who calls, as the resolver found it from the task's own identity. */
export interface TaskIdentity {
  owner: string;
  epoch: number;
  taskId: string;
}

export interface SessionPorts {
  leases: LeaseStore;
  settings: SettingsStore;
  parameters: ParameterStore;
  urls: SnapshotUrls;
  log: Log;
  now: () => number;
  /** Where the deployment lets a model answer. */
  modelReach: ModelReach;
  /** Where the owner has set none, seconds. */
  idleSeconds: number;
}

/** Gives the lease that the task holds. Throws `unauthorized` when it holds none (any more). */
export async function heldLease(ports: Pick<SessionPorts, 'leases'>, task: TaskIdentity): Promise<Lease> {
  return heldBy(await ports.leases.get(task.owner), task);
}

function heldBy(lease: Lease | null, task: TaskIdentity): Lease {
  // A task may be quicker than the record of its id.
  const isHolder =
    lease?.taskId === task.taskId || (lease?.taskId === undefined && lease?.state === 'waking');
  if (!lease || lease.epoch !== task.epoch || !isHolder) {
    throw new AppError('unauthorized', { detail: 'the task does not hold the lease' });
  }
  return lease;
}

/** Is it the successor that is to follow the present holder? Its id may not be recorded yet. */
function isBeforeItsTurn(lease: Lease, task: TaskIdentity): boolean {
  const next = livingSuccessor(lease);
  return next?.epoch === task.epoch && (next.taskId ?? task.taskId) === task.taskId;
}

/** A successor asks this often whether its turn has come, milliseconds. */
const askEvery = 2_000;

/**
 * Everything that a task needs to serve its one owner. Holds a provider key: never logged. A successor gets nothing of
 * it before its turn: neither what the task before it is about to save nor the key.
 */
export async function openSession(ports: SessionPorts, task: TaskIdentity): Promise<TaskGrant | NotYet> {
  const [found, settings] = await Promise.all([ports.leases.get(task.owner), ports.settings.get(task.owner)]);
  if (found && isBeforeItsTurn(found, task)) return { waits: askEvery };
  const lease = heldBy(found, task);
  const [model, snapshots] = await Promise.all([
    modelOf(ports, task.owner, settings),
    Promise.all(
      snapshotsOf(lease).map(async (pointer) => ({
        pointer,
        download: await ports.urls.download(pointer.key),
      })),
    ),
  ]);
  const idleSeconds = settings.idleSeconds ?? ports.idleSeconds;
  return taskGrant.parse({
    epoch: lease.epoch,
    idleSeconds,
    firstIdleSeconds: firstIdleOf(lease, idleSeconds, ports.now()),
    model: model && { ...model, reach: ports.modelReach, thinking: settings.thinking },
    snapshots,
  });
}

/**
 * The quiet time before the first message, where it is a shorter one: nobody has written yet, or nobody wrote to the
 * task before it, whose quiet time goes on.
 */
function firstIdleOf({ sleepsAt, unusedWakes }: Lease, idleSeconds: number, now: number): number | null {
  const left = sleepsAt ? Math.max(1, Math.ceil((Date.parse(sleepsAt) - now) / 1_000)) : undefined;
  if (left === undefined && !unusedWakes) return null;
  return Math.min(idleSeconds, left ?? idleSeconds, unusedWakes ? unusedIdleSeconds : idleSeconds);
}

/**
 * The owner's own provider with the owner's own key, else the deployment's default, else none.
 * The deployment's key never goes with what an owner chose: not to another address, not for a dearer model.
 */
async function modelOf(ports: SessionPorts, owner: string, settings: Settings): Promise<TaskGrant['model']> {
  if (settings.provider) {
    const { provider, model } = settings;
    const endpoint = endpointOf({ ...settings, provider });
    const apiKey = keyFor(provider, await ports.parameters.get(providerKeyName(owner)));
    const needsKey = provider !== 'openai-compatible';
    if (!model || !endpoint || (needsKey && !apiKey) || isLinkLocal(endpoint.baseUrl)) return null;
    return {
      ...endpoint,
      provider,
      model,
      apiKey,
      price: modelPriceOf(provider, model, settings.modelPrice),
      transcriber: transcriberOf(endpoint, provider),
    };
  }
  const parameter = await ports.parameters.get('/model-default');
  const chosen = parameter === null ? null : parseDefault(ports, parameter);
  const endpoint = chosen && endpointOf(chosen);
  if (!endpoint) return null;
  const { provider, model, apiKey, contextWindow } = chosen;
  return {
    ...endpoint,
    ...{ model, apiKey, contextWindow },
    price: modelPriceOf(provider, model, chosen.price),
    transcriber: transcriberOf(endpoint, provider, chosen.transcriber),
  };
}

/** Addresses of a task's own credentials and metadata; no model answers there. */
const isLinkLocal = (url: string): boolean => /^(169\.254\.|\[fe80:|\[::ffff:a9fe:)/i.test(new URL(url).host);

/** null when it cannot be read: messages then fail with model.not_configured. What it says is not logged, it holds a key. */
function parseDefault(ports: SessionPorts, text: string): ModelDefault | null {
  try {
    return modelDefault.parse(JSON.parse(text));
  } catch {
    ports.log({
      level: 'error',
      what: 'model-default-invalid',
      resolution:
        'Store the parameter again, as JSON {provider, model, baseUrl?, apiKey?} (core/settings.ts).',
    });
    return null;
  }
}
