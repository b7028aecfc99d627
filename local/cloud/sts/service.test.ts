import { GetCallerIdentityCommand, GetSessionTokenCommand, STSClient } from '@aws-sdk/client-sts';
import { expect, test } from 'vitest';
import { accountId, cloudUnderTest, role } from '../cloud-under-test.ts';
import { createSts } from './service.ts';

const cloud = cloudUnderTest([role('nobody', [])]);
cloud.services.push(createSts(cloud.context('sts')));

test('a caller is told who they are, whatever they may do else', async () => {
  const sts = new STSClient(cloud.client('nobody', 'me'));
  await expect(sts.send(new GetCallerIdentityCommand({}))).resolves.toMatchObject({
    Account: accountId,
    Arn: `arn:aws:sts::${accountId}:assumed-role/nobody/me`,
  });
});

test('credentials that were not made here, and what is not served, are refused by name', async () => {
  const { credentials, ...rest } = cloud.client('nobody');
  const forged = new STSClient({ ...rest, credentials: { ...credentials, sessionToken: 'forged' } });
  await expect(forged.send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({
    name: 'InvalidClientTokenId',
  });
  const sts = new STSClient(cloud.client('nobody'));
  await expect(sts.send(new GetSessionTokenCommand({}))).rejects.toMatchObject({
    name: 'InvalidAction',
    message: expect.stringContaining('GetSessionToken'),
  });
});
