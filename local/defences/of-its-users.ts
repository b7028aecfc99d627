// biome-ignore-all lint/suspicious/noTemplateCurlyInString: code of other files, as text
import type { Defence } from './defence.ts';

const isolation = 'container/isolation.slow.test.ts';

/** Of the users inside a task. Only root on Linux can see them fail. */
export const ofItsUsers: readonly Defence[] = [
  {
    name: 'commands run as the tools’ user',
    file: 'container/bridge/openclaw/isolation.ts',
    from: "become(users.tools, '--clear-groups')",
    to: 'become(users.agent, `--groups=${users.tools}`)',
    test: { file: isolation, title: 'can’t reach OpenClaw’s configuration' },
    asRoot: true,
  },
  {
    name: 'OpenClaw and its commands run without privileges',
    file: 'container/bridge/openclaw/isolation.ts',
    from: "    '--no-new-privs',\n",
    to: '',
    test: { file: isolation, title: 'runs as a user of its own without any privilege' },
    asRoot: true,
  },
  {
    name: 'commands get nothing of OpenClaw’s environment',
    file: 'container/bridge/tools/tool-server.ts',
    from: ' && !input.withheld.has(name)',
    to: '',
    test: { file: isolation, title: 'runs as a user of its own without any privilege' },
    asRoot: true,
  },
  {
    name: 'the tool server’s socket is OpenClaw’s alone',
    file: 'container/bridge/tools/tool-server.ts',
    from: 'chmodSync(socketPath, 0o660);',
    to: 'chmodSync(socketPath, 0o666);',
    test: { file: isolation, title: 'can’t have the bridge run anything' },
    asRoot: true,
  },
  {
    name: 'OpenClaw’s tools are held to a list',
    file: 'container/bridge/openclaw/configuration.ts',
    from: "  'automations',\n",
    to: '',
    test: { file: isolation, title: 'has no way beside it' },
    asRoot: true,
  },
  {
    name: 'file tools keep to the workspace',
    file: 'container/bridge/openclaw/configuration.ts',
    from: 'fs: { workspaceOnly: true },',
    to: 'fs: { workspaceOnly: false },',
    test: { file: isolation, title: 'can’t have OpenClaw’s own file tools reach there for it' },
    asRoot: true,
  },
  {
    name: 'a task leaves no process',
    file: 'container/bridge/tools/tool-server.ts',
    from: '      endUser(users.tools);\n',
    to: '',
    test: { file: isolation, title: 'leaves its files, private ones too, to the next task, and no process' },
    asRoot: true,
  },
];
