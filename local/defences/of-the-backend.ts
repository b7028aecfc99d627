// biome-ignore-all lint/suspicious/noTemplateCurlyInString: code of other files, as text
import type { Defence } from './defence.ts';

const taskFields = 'amplify/data/task-fields.test.ts';
const backend = 'amplify/backend.slow.test.ts';

/** Of fields, functions and roles: who is let in, and how often. */
export const ofTheBackend: readonly Defence[] = [
  {
    name: 'no field takes an owner',
    file: 'amplify/data/resolvers/publish.js',
    from: 'ctx.stash.owner',
    to: 'ctx.args.owner',
    test: {
      file: 'amplify/data/resolver-code.test.ts',
      title: 'names an owner from an argument in system-publish only',
    },
  },
  {
    name: 'a subscription is filtered to its owner',
    file: 'amplify/data/resolvers/on-event.js',
    from: '{ owner: { eq: owner } }',
    to: '{ owner: { ne: "" } }',
    test: {
      file: 'amplify/data/whole-cloud.slow.test.ts',
      title: 'hears of their own messages and of no others',
    },
  },
  {
    name: 'a task is known by its role',
    file: 'amplify/data/resolvers/authorize-task.js',
    from: ' || role !== ctx.env.TASK_ROLE_NAME',
    to: '',
    test: { file: taskFields, title: 'must be a session of the task role that has a living session row' },
  },
  {
    name: 'a stopped task has no session',
    file: 'amplify/data/resolvers/authorize-task.js',
    from: ' || session.stoppedAt',
    to: '',
    test: { file: taskFields, title: 'is refused once its task has stopped' },
  },
  {
    name: 'the task’s role has its fields and nothing else',
    file: 'amplify/agent/task-fields.ts',
    from: "  'Subscription/fields/agentDoorbell',",
    to: "  'Subscription/fields/agentDoorbell',\n  'Mutation/fields/systemPublish',",
    test: {
      file: backend,
      title: 'may call exactly the fields that begin with the check of its session',
    },
  },
  {
    name: 'RunTask for one revision of one definition',
    file: 'amplify/agent/grants.ts',
    from: 'resources: [agent.task.definition.taskDefinitionArn],',
    to: "resources: ['*'],",
    test: { file: backend, title: 'runs the agent’s task on its cluster, with its two roles, and publishes' },
  },
  {
    name: 'PassRole for two roles, to ECS',
    file: 'amplify/agent/grants.ts',
    from: "      conditions: { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } },\n",
    to: '',
    test: { file: backend, title: 'runs the agent’s task on its cluster, with its two roles, and publishes' },
  },
  {
    name: 'the webhook asks for its secret',
    file: 'amplify/functions/telegram-webhook/handler.ts',
    from: 'return reply(401);',
    to: 'void known;',
    test: {
      file: 'amplify/functions/telegram-webhook/handler.test.ts',
      title: 'is refused, and nothing of what they send is read',
    },
  },
  {
    name: 'an update makes one message',
    file: 'amplify/core/channel/update-id.ts',
    from: 'bytes.set(hash.slice(12), 12);',
    to: 'crypto.getRandomValues(bytes.subarray(12));',
    test: {
      file: 'local/app/bot-api/telegram.test.ts',
      title: 'a hundred times, one after the other and side by side, is one message and one task',
    },
  },
  {
    name: 'a code links one person',
    file: 'amplify/adapters/dynamo-channels.ts',
    from: "Key: codeKey, ConditionExpression: 'attribute_exists(id)' }",
    to: 'Key: codeKey }',
    test: {
      file: 'amplify/adapters/dynamo-channels.slow.test.ts',
      title: 'of two that use a code at once, one is linked',
    },
  },
  {
    name: 'tries of codes are counted',
    file: 'amplify/core/channel/commands.ts',
    from: "if ((await ports.links.countStranger(place.channel, sender.id, 'try', until)) > maxTries) return silent;",
    to: 'void [maxTries, until];',
    test: {
      file: 'local/app/bot-api/telegram.test.ts',
      title: 'by trying codes ends after five tries, also with the right one',
    },
  },
  {
    name: 'a write names its epoch and attempt',
    file: 'amplify/data/resolvers/checkpoint-message.js',
    from: "'#ifEpoch = :ifEpoch AND #ifAttempt = :ifAttempt AND #ifStatus = :ifStatus'",
    to: "'#ifStatus = :ifStatus AND (#ifEpoch = :ifEpoch OR #ifEpoch <> :ifEpoch) AND (#ifAttempt = :ifAttempt OR #ifAttempt <> :ifAttempt)'",
    test: { file: taskFields, title: 'bounces a zombie’s checkpoint and commit' },
  },
  {
    name: 'a taken id means the same text',
    file: 'amplify/core/use-cases/accept-message.ts',
    from: 'stored.text !== text || ',
    to: '',
    test: {
      file: 'amplify/core/use-cases/accept-message.test.ts',
      title: 'with another text is refused and leaves the first',
    },
  },
  {
    name: 'an id carries its time',
    file: 'amplify/core/use-cases/accept-message.ts',
    from: '    checkIdTime(id, now);\n',
    to: '',
    test: {
      file: 'amplify/core/use-cases/accept-message.test.ts',
      title: 'an id from a clock far ahead or far behind',
    },
  },
  {
    name: 'messages are counted',
    file: 'amplify/core/use-cases/accept-message.ts',
    from: "giveBack = await takeAllowance(ports, owner, 'message');",
    to: 'giveBack = async () => {};',
    test: {
      file: 'amplify/core/use-cases/accept-message.test.ts',
      title: 'is refused until the minute, the hour or the day is over',
    },
  },
  {
    name: 'task starts are counted',
    file: 'amplify/core/use-cases/start-task.ts',
    from: "if (!isRepeat) giveBack = await takeAllowance(ports, owner, 'task');",
    to: '',
    test: {
      file: 'amplify/core/use-cases/accept-message.test.ts',
      title: 'starts no task beyond the day’s, and says so on the message',
    },
  },
  {
    name: 'a count and its check are one write',
    file: 'amplify/adapters/dynamo-allowances.ts',
    from: '`(attribute_not_exists(#c${at}) OR #c${at} < :l${at})`',
    to: '`(attribute_not_exists(#c${at}) OR #c${at} < :l${at} OR #c${at} >= :l${at})`',
    test: { file: 'amplify/adapters/dynamo.slow.test.ts', title: 'ten uses at once share what is left' },
  },
  {
    name: 'the deployment’s key stays with the deployment’s model',
    file: 'amplify/core/use-cases/open-session.ts',
    from: 'await ports.parameters.get(providerKeyName(owner))',
    to: '(await ports.parameters.get(providerKeyName(owner))) ?? JSON.parse((await ports.parameters.get("/model-default")) ?? "{}").apiKey',
    test: {
      file: 'amplify/core/use-cases/open-session.test.ts',
      title: 'never sends the deployment’s key to an owner’s address or model',
    },
  },
  {
    name: 'an import is bound to its owner',
    file: 'amplify/core/snapshot.ts',
    from: '`owners/${owner}/snapshots/import-${id}`',
    to: '`owners/any/snapshots/import-${id}`',
    test: {
      file: 'amplify/core/use-cases/import-snapshot.test.ts',
      title: 'a file that never arrived, or is somebody else’s',
    },
  },
];
