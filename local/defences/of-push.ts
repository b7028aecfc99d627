import type { Defence } from './defence.ts';

const push = 'amplify/core/push/push.test.ts';
const taskFields = 'amplify/data/task-fields.test.ts';

/** Of Web Push: who is told of an answer, through which address, and what is told. */
export const ofPush: readonly Defence[] = [
  {
    name: 'a browser is saved for who is signed in',
    file: 'amplify/core/push/own-devices.ts',
    from: '    owner,\n    id:',
    to: '    owner: (given as { owner?: string }).owner ?? owner,\n    id:',
    test: { file: push, title: 'is saved for who is signed in, whatever it says of an owner' },
  },
  {
    name: 'a browser’s address is shown to nobody',
    file: 'amplify/core/push/own-devices.ts',
    from: '  return (await newestFirst(devices, owner)).map(viewOf);',
    to: '  return newestFirst(devices, owner);',
    test: {
      file: push,
      title: 'is saved once however often, is its owner’s, and its address is shown to nobody',
    },
  },
  {
    name: 'a push service has a public name',
    file: 'amplify/core/push/device.ts',
    from: "hostname.includes('.') && ",
    to: '',
    test: { file: push, title: 'with a name of the network is refused' },
  },
  {
    name: 'a push goes into no network of the deployment',
    file: 'amplify/adapters/web-push/pusher.ts',
    from: '          reach,\n',
    to: "          'any',\n",
    test: {
      file: 'amplify/adapters/web-push/pusher.test.ts',
      title: 'does not go into the deployment’s own network, and its address is in no log',
    },
  },
  {
    name: 'the end of a message goes to its owner’s browsers',
    file: 'amplify/data/resolvers/push-news.js',
    from: 'owner: ctx.stash.owner,',
    to: 'owner: ctx.args.owner,',
    test: {
      file: taskFields,
      title: 'that has ended is pushed to the browsers of its owner, and stands whatever becomes of the push',
    },
  },
  {
    name: 'a push says nothing of the conversation unless that is allowed',
    file: 'amplify/core/notification.ts',
    from: '  if (!showsText) return { title: agentName, body: plain };\n',
    to: '',
    test: {
      file: 'amplify/core/notification.test.ts',
      title: 'says nothing of the conversation unless that is allowed',
    },
  },
];
