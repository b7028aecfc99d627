import { expect, test } from 'vitest';
import { messageEnvironment, parseEnvironment, serveTaskEnvironment } from './environment.ts';

test('all faults of an environment are reported together, without its values', () => {
  const given = { AGENT_TABLE: '', GRAPHQL_URL: 'ftp://secret.test', SUBNET_IDS: ' , ' };
  const read = () => parseEnvironment(messageEnvironment, given);
  expect(read).toThrow(/MESSAGE_TABLE is missing/);
  expect(read).toThrow(/AGENT_TABLE.*GRAPHQL_URL.*CLUSTER_ARN is missing.*SUBNET_IDS: names no subnet/);
  expect(read).not.toThrow(/secret/);
});

test('what has a default may be left out', () => {
  const given = {
    AGENT_TABLE: 'a',
    CONVERSATION_TABLE: 'c',
    MESSAGE_TABLE: 'm',
    SETTINGS_TABLE: 's',
    BUCKET: 'b',
    PARAMETER_PREFIX: '/serverless-openclaw/app-main',
  };
  expect(parseEnvironment(serveTaskEnvironment, given)).toMatchObject({ IDLE_SECONDS: 600 });
  expect(() => parseEnvironment(serveTaskEnvironment, { ...given, PARAMETER_PREFIX: '/x/' })).toThrow(
    /PARAMETER_PREFIX/,
  );
});
