import { beforeEach, describe, expect, test } from 'vitest';
import { memorySecrets } from '../../adapters/memory/parameters.ts';
import type { ModelCaller } from '../ports.ts';
import { deleteKey, readKeyView, saveKey } from './provider-key.ts';
import { testModel } from './test-model.ts';

const now = () => Date.parse('2026-11-25T12:00:00.000Z');
let secrets: ReturnType<typeof memorySecrets>;
beforeEach(() => {
  secrets = memorySecrets();
});

describe('An owner’s key', () => {
  test('is stored for its provider, shown by its end, replaced and removed', async () => {
    const ports = { secrets, now };
    expect(await readKeyView(ports, 'ann')).toBeNull();
    const saved = await saveKey(ports, { owner: 'ann', provider: 'anthropic', key: ' sk-ant-000000001234 ' });
    expect(saved).toEqual({ provider: 'anthropic', ending: '1234', savedAt: '2026-11-25T12:00:00.000Z' });
    expect(await readKeyView(ports, 'ann')).toEqual(saved);
    expect(await readKeyView(ports, 'bob')).toBeNull();
    await saveKey(ports, { owner: 'ann', provider: 'openai', key: 'sk-000000005678' });
    expect(await readKeyView(ports, 'ann')).toMatchObject({ provider: 'openai', ending: '5678' });
    await deleteKey(ports, 'ann');
    await deleteKey(ports, 'ann');
    expect(await readKeyView(ports, 'ann')).toBeNull();
  });

  test('that is none changes nothing, and is not in the error', async () => {
    const ports = { secrets, now };
    await saveKey(ports, { owner: 'ann', provider: 'openai', key: 'sk-000000005678' });
    const refused = saveKey(ports, { owner: 'ann', provider: 'openai', key: 'my secret words' });
    await expect(refused).rejects.toThrow(/^key\.invalid$/);
    expect(await readKeyView(ports, 'ann')).toMatchObject({ ending: '5678' });
  });
});

describe('A trial of a model', () => {
  const sent: Parameters<ModelCaller>[0][] = [];
  const answering = (answer: Awaited<ReturnType<ModelCaller>>) => ({
    parameters: secrets,
    caller: (async (call) => {
      sent.push(call);
      return answer;
    }) satisfies ModelCaller,
    now,
  });
  const ok = { outcome: 'answered', status: 200, text: '{"content":[{"type":"text","text":"OK"}]}' } as const;
  const trial = { owner: 'ann', provider: 'anthropic', model: 'claude-opus-5-5' } as const;
  beforeEach(() => {
    sent.length = 0;
  });

  test('asks the provider in its own dialect, with the stored key, as briefly as can be', async () => {
    await saveKey({ secrets, now }, { owner: 'ann', provider: 'anthropic', key: 'sk-stored-key' });
    expect(await testModel(answering(ok), trial)).toMatchObject({ code: null, priced: true });
    expect(sent[0]).toMatchObject({
      url: 'https://api.anthropic.com/v1/messages',
      headers: { 'x-api-key': 'sk-stored-key', 'anthropic-version': '2023-06-01' },
    });
    expect(JSON.parse(sent[0]?.body ?? '')).toMatchObject({ model: 'claude-opus-5-5', max_tokens: 64 });
  });

  test.each([
    ['openai', null, 'https://api.openai.com/v1/chat/completions', 'max_completion_tokens'],
    ['openai', 'openai-responses', 'https://api.openai.com/v1/responses', 'max_output_tokens'],
    ['deepseek', null, 'https://api.deepseek.com/v1/chat/completions', 'max_tokens'],
  ] as const)('of %s (%s) goes to %s', async (provider, api, url, limit) => {
    await testModel(answering(ok), { owner: 'ann', provider, model: 'm', api, key: 'sk-typed' });
    expect(sent[0]).toMatchObject({ url, headers: { authorization: 'Bearer sk-typed' } });
    expect(JSON.parse(sent[0]?.body ?? '')).toHaveProperty(limit);
  });

  test('of Bedrock goes to its region, for Claude in Anthropic’s dialect, with its key as a bearer’s', async () => {
    const host = 'https://bedrock-runtime.us-west-2.amazonaws.com';
    const bedrock = { owner: 'ann', provider: 'bedrock', model: 'm', key: 'bedrock-api-key' } as const;
    await testModel(answering(ok), { ...bedrock, baseUrl: `${host}/openai/v1` });
    await testModel(answering(ok), { ...bedrock, baseUrl: `${host}/anthropic` });
    expect(sent.map(({ url }) => url)).toEqual([
      `${host}/openai/v1/chat/completions`,
      `${host}/anthropic/v1/messages`,
    ]);
    for (const { headers } of sent) expect(headers.authorization).toBe('Bearer bedrock-api-key');
    await expect(testModel(answering(ok), bedrock)).rejects.toThrow('settings.invalid');
  });

  test('never takes the key of another provider, and says that there is none', async () => {
    await saveKey({ secrets, now }, { owner: 'ann', provider: 'openai', key: 'sk-openai-key' });
    expect(await testModel(answering(ok), trial)).toMatchObject({ code: 'model.key_rejected' });
    expect(sent).toHaveLength(0);
  });

  test.each([
    [401, 'model.key_rejected'],
    [404, 'model.refused'],
    [429, 'model.rate_limited'],
    [503, 'model.unreachable'],
  ])('tells status %i as %s, and never the key', async (status, code) => {
    const text = JSON.stringify({ error: { message: `no model m for key sk-typed` } });
    const verdict = await testModel(answering({ outcome: 'answered', status, text }), {
      ...trial,
      key: 'sk-typed',
    });
    expect(verdict.code).toBe(code);
    expect(JSON.stringify(verdict)).not.toContain('sk-typed');
    if (status === 404) expect(verdict.detail).toContain('no model m');
  });

  test('does not take a web page for a model, and tells what was not reached', async () => {
    const page = { outcome: 'answered', status: 200, text: '<html>Sign in</html>' } as const;
    expect(await testModel(answering(page), { ...trial, key: 'k' })).toMatchObject({ code: 'model.garbage' });
    const gone = { outcome: 'unreachable', detail: 'ENOTFOUND' } as const;
    expect(await testModel(answering(gone), { ...trial, key: 'k' })).toMatchObject({
      ...{ code: 'model.unreachable', detail: 'ENOTFOUND' },
    });
    const slow = { outcome: 'timeout', detail: '' } as const;
    expect(await testModel(answering(slow), { ...trial, key: 'k' })).toMatchObject({ code: 'model.timeout' });
  });

  test('says when no price is known, and takes one that was entered', async () => {
    const unheard = { ...trial, model: 'claude-unheard-of', key: 'k' };
    expect(await testModel(answering(ok), unheard)).toMatchObject({ code: null, priced: false });
    expect(await testModel(answering(ok), { ...unheard, price: { input: 1, output: 2 } })).toMatchObject({
      priced: true,
    });
  });
});
