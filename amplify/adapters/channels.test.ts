import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { channelAddress, channelNames, openChannels } from './channels.ts';
import { memoryParameters } from './memory/parameters.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

describe('A channel', () => {
  test('is folders of its own, and a line where the parts are put together: nothing else names it', () => {
    const product = globSync(['amplify/**/*.{ts,js}', 'container/bridge/**/*.ts', 'src/**/*.{ts,tsx}'], {
      cwd: root,
      exclude: ['**/node_modules/**', '**/*.test.{ts,tsx}', '**/*-under-test.*'],
    });
    expect(product.length).toBeGreaterThan(300);
    const naming = (channel: string) =>
      product
        .filter((path) => !path.includes(`/${channel}`))
        .filter((path) => readFileSync(`${root}/${path}`, 'utf8').toLowerCase().includes(channel))
        .sort();
    expect(channelNames.map(naming)).toEqual([
      [
        'amplify/acknowledged-checks.ts',
        'amplify/adapters/channels.ts',
        'amplify/agent/channel-wiring.ts',
        'amplify/agent/wiring.ts',
        'amplify/backend.ts',
        'amplify/functions/environment.ts',
        'src/api/memory-api.ts',
        'src/i18n/en.ts',
        'src/i18n/ko.ts',
        'src/settings/data-texts.ts',
        'src/settings/sections.ts',
      ],
    ]);
  });

  test('that is not set up is off, and one that nobody knows is not there', async () => {
    const parameters = memoryParameters();
    const open = openChannels(parameters, () => 0);
    for (const name of [...channelNames, 'pigeon', 'constructor', '__proto__']) {
      expect(await open(name), name).toBeNull();
      expect(await channelAddress(name, parameters), name).toBeNull();
    }
  });
});
