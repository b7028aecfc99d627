import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CognitoIdentityProviderClient, ListUsersCommand } from '@aws-sdk/client-cognito-identity-provider';
import { ECSClient } from '@aws-sdk/client-ecs';
import { expect, test } from 'vitest';
import { createProgress } from '../app/bootstrap/progress.mjs';
import { startApp } from '../app/start-app.ts';
import { localAmplifyConfig } from '../cloud/amplify-outputs.ts';
import { administratorArn } from '../cloud/iam/administrator.ts';
import { rowsOf, verifyDeployment } from './main.ts';

const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');

test('every row holds on the local cloud, and the guests are gone afterwards', async () => {
  const dataDirectory = mkdtempSync(join(tmpdir(), 'verify-'));
  const app = await startApp({
    root,
    port: 0,
    dataDirectory,
    model: 'demo',
    dev: false,
    progress: createProgress({ out: { write: () => {} } }),
    onMail: () => {},
    onEvent: () => {},
  });
  try {
    const credentials = app.cloud.context.iam.assumeRole({
      roleArn: administratorArn(app.cloud.context.accountId),
      sessionName: 'operator',
    });
    const client = { region: 'us-east-1', endpoint: app.endpoint, credentials };
    const cognito = new CognitoIdentityProviderClient(client);
    const outputs = app.cloud.outputs as unknown as Parameters<typeof verifyDeployment>[0]['outputs'];
    const observations = await verifyDeployment({
      outputs,
      config: localAmplifyConfig(app.cloud.outputs, app.endpoint),
      cognito,
      ecs: new ECSClient(client),
      patience: 240_000,
    });
    expect(observations.filter(({ holds }) => !holds)).toEqual([]);
    expect(observations).toHaveLength(7);
    const [, , phases] = observations;
    expect(phases?.seen).toMatch(/requested .* s.*ready .* s/);
    const rows = rowsOf(observations, { deployment: 'app-local', region: 'us-east-1', day: '2026-11-26' });
    expect(rows.split('\n')).toHaveLength(10);
    const { Users } = await cognito.send(new ListUsersCommand({ UserPoolId: outputs.auth.user_pool_id }));
    expect(Users).toEqual([]);
  } finally {
    await app.stop();
    rmSync(dataDirectory, { recursive: true, force: true });
  }
}, 600_000);

test('nothing is done without being told to spend money', () => {
  const main = fileURLToPath(new URL('main.ts', import.meta.url));
  const { status, stderr } = spawnSync(process.execPath, [main], { encoding: 'utf8' });
  expect(status).toBe(1);
  expect(stderr).toContain('nothing was done');
});

test('a row that does not hold is told as such', () => {
  const rows = rowsOf([{ claim: 'It runs', seen: 'task.no_capacity', holds: false }], {
    deployment: 'a',
    region: 'b',
    day: 'c',
  });
  expect(rows).toContain('| It runs | live c, b, a: **DOES NOT HOLD**; task.no_capacity |');
});
