import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseDockerfile } from './dockerfile.ts';

describe('the Dockerfile', () => {
  it('starts the bridge in exec form, from the folder that it is copied to', () => {
    const { workdir, entrypoint, env } = parseDockerfile(
      readFileSync(join(import.meta.dirname, 'Dockerfile'), 'utf8'),
    );
    expect([workdir, entrypoint, env.AGENT_HOME]).toEqual(['/app', ['node', '/app/bridge.mjs'], '/agent']);
  });

  it('is read by its last stage only', () => {
    const text = 'FROM a\nENV A=1\nWORKDIR /x\nFROM b\nENV B=2\nENTRYPOINT ["b", "c"]\n';
    expect(parseDockerfile(text)).toEqual({ workdir: '/', env: { B: '2' }, entrypoint: ['b', 'c'] });
  });

  it.each([['ENTRYPOINT node x'], ['ENV A=1 B=2\nENTRYPOINT ["x"]'], ['FROM a']])(
    'in a form that cannot be followed is refused: %j',
    (text) => {
      expect(() => parseDockerfile(text)).toThrow(/Dockerfile/);
    },
  );
});
