import type { Statement } from './policy.ts';

const allow = (...actions: readonly string[]): readonly Statement[] => [
  { Effect: 'Allow', Action: actions, Resource: '*' },
];
const writeLogs = ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'];

/**
 * AWS-managed policies that synthesised templates name, by the end of their ARN.
 * https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html
 */
const managed: Readonly<Record<string, readonly Statement[]>> = {
  'service-role/AWSLambdaBasicExecutionRole': allow(...writeLogs),
  'service-role/AWSLambdaVPCAccessExecutionRole': allow(
    ...writeLogs,
    'ec2:CreateNetworkInterface',
    'ec2:DescribeNetworkInterfaces',
    'ec2:DescribeSubnets',
    'ec2:DeleteNetworkInterface',
    'ec2:AssignPrivateIpAddresses',
    'ec2:UnassignPrivateIpAddresses',
  ),
  'service-role/AmazonECSTaskExecutionRolePolicy': allow(
    'ecr:GetAuthorizationToken',
    'ecr:BatchCheckLayerAvailability',
    'ecr:GetDownloadUrlForLayer',
    'ecr:BatchGetImage',
    'logs:CreateLogStream',
    'logs:PutLogEvents',
  ),
  'service-role/AWSAppSyncPushToCloudWatchLogs': allow(...writeLogs),
  AmazonElasticContainerRegistryPublicReadOnly: allow(
    'ecr-public:GetAuthorizationToken',
    'sts:GetServiceBearerToken',
    'ecr-public:BatchCheckLayerAvailability',
    'ecr-public:GetRepositoryPolicy',
    'ecr-public:DescribeRepositories',
    'ecr-public:DescribeRegistries',
    'ecr-public:DescribeImages',
    'ecr-public:DescribeImageTags',
    'ecr-public:GetRepositoryCatalogData',
    'ecr-public:GetRegistryCatalogData',
  ),
  AWSXRayDaemonWriteAccess: allow(
    'xray:PutTraceSegments',
    'xray:PutTelemetryRecords',
    'xray:GetSamplingRules',
    'xray:GetSamplingTargets',
    'xray:GetSamplingStatisticSummaries',
  ),
};

/** Statements of an AWS-managed policy. Throws for one that is not known here, as its grants cannot be guessed. */
export function managedPolicy(arn: string): readonly Statement[] {
  const statements = managed[arn.replace(/^arn:aws:iam::aws:policy\//, '')];
  if (statements === undefined) throw new Error(`The local cloud does not know the managed policy ${arn}`);
  return statements;
}
