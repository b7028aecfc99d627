import { a } from '@aws-amplify/backend';
import { adminsGroup } from '../core/deployment-settings.ts';
import { eraseData } from '../functions/erase-data/resource.ts';
import { linkChannel } from '../functions/link-channel/resource.ts';
import { manageKey } from '../functions/manage-key/resource.ts';
import { managePush } from '../functions/manage-push/resource.ts';
import { manageSchedules } from '../functions/manage-schedules/resource.ts';
import { serveSnapshots } from '../functions/serve-snapshots/resource.ts';
import { testModel } from '../functions/test-model/resource.ts';
import { wakeAgent } from '../functions/wake-agent/resource.ts';

/** Users' fields about what is theirs beside conversations: agent, saved states, settings, money, keys, channels. */
export const userFields = {
  /** core/agent.ts, as JSON. */
  agent: a
    .query()
    .returns(a.json())
    .handler([
      a.handler.custom({ dataSource: a.ref('Agent'), entry: './resolvers/get-agent.js' }),
      a.handler.custom({ entry: './resolvers/agent-view.js' }),
    ])
    .authorization((allow) => [allow.authenticated()]),
  /**
   * Wakes the caller's agent ahead of a message, if the settings let it. `hint`: `open` (a page was opened) or `typing`
   * (a first key). Gives core/agent.ts as JSON.
   */
  wakeAgent: a
    .mutation()
    .arguments({ hint: a.string().required() })
    .returns(a.json())
    .handler(a.handler.function(wakeAgent))
    .authorization((allow) => [allow.authenticated()]),
  /** Keeps an agent awake that is awake or on its way; without `until` its idle time counts again. Gives agent.changed. */
  keepAwake: a
    .mutation()
    .arguments({ until: a.datetime() })
    .returns(a.ref('Event'))
    .handler([
      a.handler.custom({ dataSource: a.ref('Agent'), entry: './resolvers/keep-awake.js' }),
      a.handler.custom({ entry: './resolvers/agent-view.js' }),
      a.handler.custom({ entry: './resolvers/agent-changed.js' }),
    ])
    .authorization((allow) => [allow.authenticated()]),
  /** Lets the agent leave as soon as it has nothing to do. Gives agent.changed. */
  sleepNow: a
    .mutation()
    .returns(a.ref('Event'))
    .handler([
      a.handler.custom({ dataSource: a.ref('Agent'), entry: './resolvers/sleep-now.js' }),
      a.handler.custom({ entry: './resolvers/agent-view.js' }),
      a.handler.custom({ entry: './resolvers/agent-changed.js' }),
    ])
    .authorization((allow) => [allow.authenticated()]),
  /** Saved states of the agent: core/snapshot.ts `ownSnapshot`, a list as JSON. */
  snapshots: a
    .query()
    .returns(a.json())
    .handler(a.handler.function(serveSnapshots))
    .authorization((allow) => [allow.authenticated()]),
  /** Lets the sleeping agent begin with another saved state when it wakes. Gives the list as it then stands, as JSON. */
  restoreSnapshot: a
    .mutation()
    .arguments({ id: a.string().required() })
    .returns(a.json())
    .handler(a.handler.function(serveSnapshots))
    .authorization((allow) => [allow.authenticated()]),
  /** Where to get a saved state as a file: core/snapshot.ts `snapshotExport`, as JSON. */
  exportSnapshot: a
    .mutation()
    .arguments({ id: a.string().required() })
    .returns(a.json())
    .handler(a.handler.function(serveSnapshots))
    .authorization((allow) => [allow.authenticated()]),
  /** Where a file may be put to become a saved state: core/snapshot.ts `snapshotImport`, as JSON. */
  importSnapshot: a
    .mutation()
    .arguments({ size: a.integer().required(), sha256: a.string().required() })
    .returns(a.json())
    .handler(a.handler.function(serveSnapshots))
    .authorization((allow) => [allow.authenticated()]),
  /** Lets the sleeping agent begin with that file when it wakes. Gives the list as it then stands, as JSON. */
  finishImport: a
    .mutation()
    .arguments({ id: a.string().required() })
    .returns(a.json())
    .handler(a.handler.function(serveSnapshots))
    .authorization((allow) => [allow.authenticated()]),
  /** core/settings-view.ts, as JSON. */
  settings: a
    .query()
    .returns(a.json())
    .handler(a.handler.custom({ dataSource: a.ref('Settings'), entry: './resolvers/get-settings.js' }))
    .authorization((allow) => [allow.authenticated()]),
  /** `settings`: core/settings.ts as JSON; `revision`: the one that was seen. */
  saveSettings: a
    .mutation()
    .arguments({ settings: a.json().required(), revision: a.integer().required() })
    .returns(a.ref('Event'))
    .handler(a.handler.custom({ dataSource: a.ref('Settings'), entry: './resolvers/save-settings.js' }))
    .authorization((allow) => [allow.authenticated()]),
  /** What admins have set for the whole deployment: core/deployment-settings.ts `deploymentSettingsView`, as JSON. */
  deploymentSettings: a
    .query()
    .returns(a.json())
    .handler(
      a.handler.custom({ dataSource: a.ref('Settings'), entry: './resolvers/get-deployment-settings.js' }),
    )
    .authorization((allow) => [allow.group(adminsGroup)]),
  /** `settings`: core/deployment-settings.ts as JSON; `revision`: the one that was seen. */
  saveDeploymentSettings: a
    .mutation()
    .arguments({ settings: a.json().required(), revision: a.integer().required() })
    .returns(a.boolean())
    .handler(
      a.handler.custom({ dataSource: a.ref('Settings'), entry: './resolvers/save-deployment-settings.js' }),
    )
    .authorization((allow) => [allow.group(adminsGroup)]),
  /** core/usage-view.ts as JSON: core/usage.ts monthUsageOf reads the rows. `month`: 2026-11. */
  usage: a
    .query()
    .arguments({ month: a.string().required(), nextToken: a.string() })
    .returns(a.json())
    .handler([
      a.handler.custom({ dataSource: a.ref('Settings'), entry: './resolvers/read-deployment-caps.js' }),
      a.handler.custom({ dataSource: a.ref('Settings'), entry: './resolvers/read-caps.js' }),
      a.handler.custom({ dataSource: a.ref('Usage'), entry: './resolvers/read-total.js' }),
      a.handler.custom({ dataSource: a.ref('Usage'), entry: './resolvers/list-usage.js' }),
    ])
    .authorization((allow) => [allow.authenticated()]),
  /** What may be seen of the caller's provider key: core/provider-key.ts `keyView`, as JSON; null when there is none. */
  providerKey: a
    .query()
    .returns(a.json())
    .handler(a.handler.function(manageKey))
    .authorization((allow) => [allow.authenticated()]),
  /** Stores a key for one provider; nothing ever gives it back. Gives `keyView`. */
  saveProviderKey: a
    .mutation()
    .arguments({ provider: a.string().required(), key: a.string().required() })
    .returns(a.json())
    .handler(a.handler.function(manageKey))
    .authorization((allow) => [allow.authenticated()]),
  deleteProviderKey: a
    .mutation()
    .returns(a.json())
    .handler(a.handler.function(manageKey))
    .authorization((allow) => [allow.authenticated()]),
  /**
   * Tries a model with one tiny call. `trial`: `{provider, model, baseUrl, api, price}` of core/settings.ts as JSON;
   * `key`: one that is not stored yet. Gives core/model-test.ts `modelVerdict` as JSON.
   */
  testModel: a
    .mutation()
    .arguments({ trial: a.json().required(), key: a.string() })
    .returns(a.json())
    .handler(a.handler.function(testModel))
    .authorization((allow) => [allow.authenticated()]),
  /**
   * Erases all that the caller has: at once what can be, the rest within the hour (core/erasure.ts). `account`: the caller's
   * account goes, too. Gives core/erasure.ts `OwnerMark` as JSON.
   */
  eraseEverything: a
    .mutation()
    .arguments({ account: a.boolean().required() })
    .returns(a.json())
    .handler(a.handler.function(eraseData))
    .authorization((allow) => [allow.authenticated()]),
  /** core/channel/channel-view.ts `channelView`, one for each channel, as JSON. */
  channels: a
    .query()
    .returns(a.json())
    .handler(a.handler.function(linkChannel))
    .authorization((allow) => [allow.authenticated()]),
  /** A code that links a person of the channel with the caller, once: `channelCode`, as JSON. */
  makeChannelCode: a
    .mutation()
    .arguments({ channel: a.string().required() })
    .returns(a.json())
    .handler(a.handler.function(linkChannel))
    .authorization((allow) => [allow.authenticated()]),
  /** Ends the caller's link. Gives the channel as it is then. */
  unlinkChannel: a
    .mutation()
    .arguments({ channel: a.string().required() })
    .returns(a.json())
    .handler(a.handler.function(linkChannel))
    .authorization((allow) => [allow.authenticated()]),
  /** The caller's browsers that are pushed to, and the key to subscribe with: core/push/device.ts `pushView`, as JSON. */
  push: a
    .query()
    .returns(a.json())
    .handler(a.handler.function(managePush))
    .authorization((allow) => [allow.authenticated()]),
  /** Saves a browser's subscription: `newDevice`. Gives `deviceView`, as JSON. */
  savePushDevice: a
    .mutation()
    .arguments({
      endpoint: a.string().required(),
      p256dh: a.string().required(),
      auth: a.string().required(),
      name: a.string().required(),
      language: a.string().required(),
      showsText: a.boolean().required(),
    })
    .returns(a.json())
    .handler(a.handler.function(managePush))
    .authorization((allow) => [allow.authenticated()]),
  removePushDevice: a
    .mutation()
    .arguments({ id: a.string().required() })
    .returns(a.json())
    .handler(a.handler.function(managePush))
    .authorization((allow) => [allow.authenticated()]),
  /** The caller's schedules: core/schedule/schedule-view.ts `scheduleView`, a list as JSON. */
  schedules: a
    .query()
    .returns(a.json())
    .handler(a.handler.function(manageSchedules))
    .authorization((allow) => [allow.authenticated()]),
  /** Makes or changes a schedule: `scheduleInput` as JSON. Gives `scheduleView`, as JSON. */
  saveSchedule: a
    .mutation()
    .arguments({ schedule: a.json().required() })
    .returns(a.json())
    .handler(a.handler.function(manageSchedules))
    .authorization((allow) => [allow.authenticated()]),
  removeSchedule: a
    .mutation()
    .arguments({ id: a.string().required() })
    .returns(a.json())
    .handler(a.handler.function(manageSchedules))
    .authorization((allow) => [allow.authenticated()]),
};
