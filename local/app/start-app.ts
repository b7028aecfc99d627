import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { newAccess, pushParameters } from '../../amplify/adapters/web-push/vapid.ts';
import type { ModelDefault } from '../../amplify/core/settings.ts';
import { prepareImage } from '../../container/prepare-image.ts';
import { localAmplifyConfig } from '../cloud/amplify-outputs.ts';
import { type Cloud, startCloud } from '../cloud/cloud.ts';
import { ParameterStore } from '../cloud/ssm/parameter-store.ts';
import type { Progress } from './bootstrap/progress.mjs';
import { backendAssembly, builtWebApp } from './builds.ts';
import { startDemoModel } from './demo-model/demo-model.ts';
import { Inbox, type Mail } from './inbox/inbox.ts';
import { inboxRoute } from './inbox/inbox-route.ts';
import { type JournalEvent, openJournal } from './journal.ts';
import type { ModelChoice } from './model-choice.ts';
import { listenNear, listenOn } from './ports.ts';
import { localDeployment } from './synthesise.ts';
import { type LocalTelegram, startRealBot, startStandIn } from './telegram/local-telegram.ts';
import { type DevServer, startDevServer } from './web/dev-server.ts';
import { outputsRoute } from './web/outputs-route.ts';
import { responseHeaders } from './web/response-headers.ts';
import { siteRoute } from './web/site.ts';
import { type Route, startWebServer } from './web/web-server.ts';

export interface App {
  /** Where the web app is. */
  readonly url: string;
  readonly port: number;
  /** The local cloud's endpoint. */
  readonly endpoint: string;
  readonly cloud: Cloud;
  /** The deployment's model, for people. */
  readonly model: string;
  /** Where people chat by Telegram, if that was asked for. */
  readonly telegramUrl: string | undefined;
  /** Lets agents save and leave (at most `graceSeconds`), then ends everything. */
  stop(): Promise<void>;
}

/** How long running agents may take to save and leave when the app stops, seconds. */
export const graceSeconds = 60;

interface Starting {
  readonly root: string;
  /** Port of the web app on 127.0.0.1; 0 takes a free one. */
  readonly port: number;
  /** Where all data is kept. */
  readonly dataDirectory: string;
  readonly model: ModelChoice;
  /** Serve the web app from its sources. */
  readonly dev: boolean;
  /** `stand-in`: Telegram on this machine. A token: the real bot, at a Bot API server of one's own if `apiRoot` is given. */
  readonly telegram?:
    | 'stand-in'
    | { readonly token: string; readonly apiRoot?: string | undefined }
    | undefined;
  readonly progress: Progress;
  readonly onMail: (mail: Mail) => void;
  readonly onEvent: (event: JournalEvent) => void;
}

/** What was started, to be ended in reverse order. */
class Started {
  readonly #ends: (() => Promise<void>)[] = [];

  add(end: () => Promise<void>): void {
    this.#ends.push(end);
  }

  async end(): Promise<void> {
    for (let end = this.#ends.pop(); end; end = this.#ends.pop()) await end();
  }
}

/** Brings everything up on this machine: the synthesised backend in the local cloud, the web app, a model. */
export async function startApp(input: Starting): Promise<App> {
  const started = new Started();
  try {
    return await bringUp(input, started);
  } catch (error) {
    await started.end().catch(() => {});
    throw error;
  }
}

async function bringUp(input: Starting, started: Started): Promise<App> {
  const { root, progress, dataDirectory } = input;
  const journal = openJournal(join(dataDirectory, 'logs'), input.onEvent);
  started.add(() => journal.close());

  // The web server listens first: a port that is taken is told at once, and the cloud must know the page's origin.
  const routes: Route[] = [];
  let headersOf: (path: string) => Readonly<Record<string, string>> = () => ({});
  const web = await listenOn(input.port, (port) =>
    startWebServer({
      port,
      routes,
      headersOf: (path) => headersOf(path),
      onError: (error) => journal.write({ service: 'web', event: 'failed', error: String(error) }),
    }),
  );
  started.add(() => web.close());

  const [assemblyDirectory, site] = await Promise.all([
    backendAssembly(root, progress),
    input.dev ? undefined : builtWebApp(root, progress),
  ]);

  const model = await modelOf(input.model, started);
  putModelDefault(join(dataDirectory, 'cloud'), model);
  putPushKey(join(dataDirectory, 'cloud'));
  const telegram = await telegramOf(input, web.port, journal);
  if (telegram) {
    started.add(() => telegram.close());
    for (const [name, { type, value }] of telegram.parameters)
      putParameter(join(dataDirectory, 'cloud'), name, type, value);
  }

  const inbox = new Inbox(join(dataDirectory, 'inbox.json'));
  const cloud = await progress.step('Starting the local cloud', () =>
    listenNear(input.port === 0 ? 0 : web.port + 1, (port) =>
      startCloud({
        assemblyDirectory,
        dataDirectory: join(dataDirectory, 'cloud'),
        port,
        corsOrigins: [web.url, web.url.replace('127.0.0.1', 'localhost')],
        deliverMail: (mail) => input.onMail(inbox.add(mail, new Date())),
        log: (event) => journal.write(event),
        imageFor: (context) => prepareImage(context, join(root, '.local', 'images')),
        graceSeconds,
      }),
    ),
  );
  started.add(() => cloud.close());
  if (telegram) await telegram.connect(webhookOf(cloud));

  const dev = input.dev ? await startDevServer(root) : undefined;
  if (dev) started.add(() => dev.close());
  headersOf = dev ? () => ({}) : responseHeaders(join(root, 'customHttp.yml'), cloud.endpoint);
  const outputs = {
    ...cloud.outputs,
    custom: { ...(cloud.outputs.custom as object | undefined), modelNotice: model.notice ?? null },
  };
  routes.push(
    outputsRoute(localAmplifyConfig(outputs, cloud.endpoint)),
    inboxRoute(inbox, (path) => headersOf(path)),
    pages(dev, site),
  );
  return {
    url: web.url,
    port: web.port,
    endpoint: cloud.endpoint,
    cloud,
    telegramUrl: telegram?.url,
    model: input.model === 'demo' ? 'demo' : `${model.provider}/${model.model}`,
    stop: () => started.end(),
  };
}

function pages(dev: DevServer | undefined, site: string | undefined): Route {
  if (dev) return dev.route;
  if (site === undefined) throw new Error('neither a built web app nor a development server');
  return siteRoute(site);
}

async function modelOf(choice: ModelChoice, started: Started): Promise<ModelDefault> {
  if (choice !== 'demo') return choice;
  const demo = await startDemoModel({ port: 0 });
  started.add(() => demo.close());
  return demo.modelDefault;
}

async function telegramOf(
  { telegram, port }: Starting,
  webPort: number,
  journal: Pick<ReturnType<typeof openJournal>, 'write'>,
): Promise<LocalTelegram | undefined> {
  if (telegram === undefined) return undefined;
  if (telegram === 'stand-in') return startStandIn(port === 0 ? 0 : webPort + 2);
  return startRealBot(telegram, (error) => journal.write({ service: 'telegram', event: 'bot', error }));
}

function webhookOf(cloud: Cloud): string {
  const { telegramWebhookUrl } = cloud.outputs.custom as { telegramWebhookUrl?: unknown };
  return String(telegramWebhookUrl);
}

/** Puts the deployment's model where an operator would: in the parameter store, before anything reads it. */
export function putModelDefault(cloudDirectory: string, model: ModelDefault): void {
  putParameter(cloudDirectory, '/model-default', 'SecureString', JSON.stringify(model));
}

/** Makes the key of Web Push as `npm run setup` does, the first time: browsers stay subscribed to the one they know. */
function putPushKey(cloudDirectory: string): void {
  const store = openParameters(cloudDirectory);
  if (!store.get(nameOf(pushParameters.profile))) {
    const access = newAccess('mailto:nobody@localhost.invalid');
    store.put(nameOf(pushParameters.access), 'SecureString', JSON.stringify(access), new Date());
    const profile = JSON.stringify({ publicKey: access.publicKey });
    store.put(nameOf(pushParameters.profile), 'String', profile, new Date());
  }
  store.close();
}

/** `name` begins after the deployment's prefix. */
function putParameter(
  cloudDirectory: string,
  name: string,
  type: 'String' | 'SecureString',
  value: string,
): void {
  const store = openParameters(cloudDirectory);
  store.put(nameOf(name), type, value, new Date());
  store.close();
}

const nameOf = (name: string) =>
  `/serverless-openclaw/${localDeployment.namespace}-${localDeployment.name}${name}`;

function openParameters(cloudDirectory: string): ParameterStore {
  const directory = join(cloudDirectory, 'ssm');
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  return new ParameterStore(directory);
}
