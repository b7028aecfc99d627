// biome-ignore-all lint/suspicious/noTemplateCurlyInString: code of other files, as text
import type { Defence } from './defence.ts';

/** Of the bridge: what a model is asked, and what a saved state may bring. */
export const ofTheTask: readonly Defence[] = [
  {
    name: 'the model proxy asks for its path and key',
    file: 'container/bridge/model/proxy.ts',
    from: 'same(presentedKey(request), key) &&',
    to: '',
    test: { file: 'container/bridge/model/proxy.slow.test.ts', title: 'refuses another key' },
  },
  {
    name: 'a model’s address is judged where it is called',
    file: 'amplify/adapters/public-fetch.ts',
    from: '        lookup: lookupWithin(reach),\n',
    to: '',
    test: { file: 'amplify/adapters/public-fetch.test.ts', title: 'does not go to a name of loopback' },
  },
  {
    name: 'metadata and credentials are never in reach',
    file: 'amplify/adapters/public-address.ts',
    from: "linkLocal.addSubnet('169.254.0.0', 16, 'ipv4');",
    to: '',
    test: {
      file: 'amplify/adapters/public-fetch.test.ts',
      title: 'does not even there go to 169.254.170.2',
    },
  },
  {
    name: 'a snapshot’s links stay inside',
    file: 'container/bridge/snapshot/entry-rules.ts',
    from: "    if (!staysInside(parts.slice(1).join('/'), entry.target ?? ''))\n      throw bad('is a link that leaves the workspace');\n",
    to: '',
    test: { file: 'container/bridge/snapshot/tar.test.ts', title: 'a link out of the workspace is refused' },
  },
  {
    name: 'a snapshot’s paths stay inside',
    file: 'container/bridge/snapshot/entry-rules.ts',
    from: " || part === '..'",
    to: '',
    test: { file: 'container/bridge/snapshot/tar.test.ts', title: 'with a way up is refused' },
  },
  {
    name: 'an imported archive’s paths stay inside',
    file: 'container/bridge/snapshot/entry-rules.ts',
    from: " || path.split('/').includes('..')",
    to: '',
    test: { file: 'container/bridge/snapshot/foreign.test.ts', title: 'because it goes up outside' },
  },
  {
    name: 'an imported archive gives no configuration and no credentials',
    file: 'container/bridge/snapshot/foreign.ts',
    from: 'return isOther || placeOf(inner) === undefined ? undefined : inner;',
    to: 'return placeOf(inner) === undefined ? undefined : inner;',
    test: { file: 'container/bridge/snapshot/foreign.test.ts', title: 'that holds its folder gives' },
  },
  {
    name: 'an imported database’s triggers undo nothing',
    file: 'container/bridge/openclaw/imported.ts',
    from: '  for (const { name } of triggers) database.exec(`DROP TRIGGER ${quoted(String(name))}`);\n',
    to: '',
    test: { file: 'container/bridge/openclaw/imported.test.ts', title: 'triggers do nothing meanwhile' },
  },
  {
    name: 'an imported session brings no rules of its own',
    file: 'container/bridge/openclaw/imported.ts',
    from: '    reduceEntries(database);\n',
    to: '',
    test: { file: 'container/bridge/openclaw/imported.test.ts', title: 'no session brings its own rules' },
  },
];
