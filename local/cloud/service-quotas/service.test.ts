import {
  GetServiceQuotaCommand,
  ListServiceQuotasCommand,
  ServiceQuotasClient,
} from '@aws-sdk/client-service-quotas';
import { expect, test } from 'vitest';
import { allow, cloudUnderTest, role } from '../cloud-under-test.ts';
import { createServiceQuotas } from './service.ts';

const cloud = cloudUnderTest([
  role('reader', [allow('servicequotas:GetServiceQuota', '*')]),
  role('nobody', []),
]);
cloud.services.push(createServiceQuotas(cloud.context('servicequotas'), { 'L-36FBB829': 40 }));
const client = (name: string) => new ServiceQuotasClient(cloud.client(name));
const ask = (name: string, QuotaCode: string) =>
  client(name).send(new GetServiceQuotaCommand({ ServiceCode: 'fargate', QuotaCode }));

test('a quota is that of a new account, or the one that was raised', async () => {
  await expect(ask('reader', 'L-3032A538')).resolves.toMatchObject({ Quota: { Value: 6 } });
  await expect(ask('reader', 'L-36FBB829')).resolves.toMatchObject({
    Quota: { Value: 40, QuotaName: 'Fargate Spot vCPU resource count' },
  });
});

test('an unknown quota, a caller without permission and what is not served are refused by name', async () => {
  await expect(ask('reader', 'L-00000000')).rejects.toMatchObject({ name: 'NoSuchResourceException' });
  await expect(ask('nobody', 'L-3032A538')).rejects.toMatchObject({ name: 'AccessDeniedException' });
  await expect(
    client('reader').send(new ListServiceQuotasCommand({ ServiceCode: 'fargate' })),
  ).rejects.toMatchObject({ name: 'UnknownOperationException' });
});
