import { z } from 'zod';
import { AwsError, type AwsService, type CloudContext, type HttpReply } from '../service.ts';

const target = 'ServiceQuotasV20190624.';

/**
 * What a new account may use at a time.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html ("AWS Fargate service quotas")
 */
const quotas = [
  {
    ServiceCode: 'fargate',
    QuotaCode: 'L-3032A538',
    QuotaName: 'Fargate On-Demand vCPU resource count',
    Value: 6,
  },
  {
    ServiceCode: 'fargate',
    QuotaCode: 'L-36FBB829',
    QuotaName: 'Fargate Spot vCPU resource count',
    Value: 6,
  },
] as const;

const input = z.strictObject({ ServiceCode: z.string(), QuotaCode: z.string() });

/** Service Quotas: the account's Fargate quotas, or those that `applied` raises, by quota code. */
export function createServiceQuotas(
  { iam, region, accountId }: CloudContext,
  applied: Readonly<Record<string, number>> = {},
): AwsService {
  return {
    name: 'servicequotas',
    accepts: ({ headers }) => String(headers['x-amz-target'] ?? '').startsWith(target),
    async handle(request): Promise<HttpReply> {
      const principal = await iam.authenticate(request, 'servicequotas');
      const operation = String(request.headers['x-amz-target']).slice(target.length);
      if (operation !== 'GetServiceQuota') {
        throw new AwsError(
          'UnknownOperationException',
          `The local cloud's Service Quotas have no ${operation}.`,
        );
      }
      const parsed = input.safeParse(JSON.parse(request.body.toString() || '{}'));
      if (!parsed.success) throw new AwsError('IllegalArgumentException', parsed.error.message);
      const { ServiceCode, QuotaCode } = parsed.data;
      const QuotaArn = `arn:aws:servicequotas:${region}:${accountId}:${ServiceCode}/${QuotaCode}`;
      iam.authorize(principal, 'servicequotas:GetServiceQuota', QuotaArn);
      const quota = quotas.find((each) => each.ServiceCode === ServiceCode && each.QuotaCode === QuotaCode);
      if (!quota) {
        throw new AwsError(
          'NoSuchResourceException',
          `There is no quota ${QuotaCode} of ${ServiceCode} here.`,
        );
      }
      const Quota = {
        ...quota,
        ServiceName: 'AWS Fargate',
        QuotaArn,
        Value: applied[QuotaCode] ?? quota.Value,
        Unit: 'None',
        Adjustable: true,
        GlobalQuota: false,
      };
      return {
        status: 200,
        headers: { 'content-type': 'application/x-amz-json-1.1' },
        body: JSON.stringify({ Quota }),
      };
    },
    async close() {},
  };
}
