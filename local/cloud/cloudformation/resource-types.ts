import type { Resource } from '../service.ts';

/** Types that a service of the local cloud acts on. Their properties must resolve completely. */
const served = new Set([
  'AWS::AppSync::DataSource',
  'AWS::AppSync::FunctionConfiguration',
  'AWS::AppSync::GraphQLApi',
  'AWS::AppSync::GraphQLSchema',
  'AWS::AppSync::Resolver',
  'AWS::Cognito::IdentityPool',
  'AWS::Cognito::IdentityPoolRoleAttachment',
  'AWS::Cognito::UserPool',
  'AWS::Cognito::UserPoolClient',
  'AWS::Cognito::UserPoolGroup',
  'AWS::DynamoDB::Table',
  'AWS::ECS::Cluster',
  'AWS::ECS::ClusterCapacityProviderAssociations',
  'AWS::ECS::TaskDefinition',
  'AWS::Events::Rule',
  'AWS::IAM::ManagedPolicy',
  'AWS::IAM::Policy',
  'AWS::IAM::Role',
  'AWS::IAM::RolePolicy',
  'AWS::Lambda::EventInvokeConfig',
  'AWS::Lambda::Function',
  'AWS::Lambda::Permission',
  'AWS::Lambda::Url',
  'AWS::S3::Bucket',
  'AWS::S3::BucketPolicy',
  'AWS::SSM::Parameter',
  'AWS::Scheduler::Schedule',
  'Custom::AmplifyDynamoDBTable',
  'Custom::CDKBucketDeployment',
  'Custom::CDKContainerImageBuild',
]);

type Rule = (resource: Resource) => boolean;
const always: Rule = () => true;

/** Types that change nothing on one machine, some only in the form that is known to be harmless. */
const withoutEffect: Readonly<Record<string, Rule>> = {
  'AWS::Budgets::Budget': always,
  'AWS::CDK::Metadata': always,
  'AWS::CloudWatch::Alarm': always,
  'AWS::CloudWatch::CompositeAlarm': always,
  'AWS::CloudWatch::Dashboard': always,
  'AWS::CodeBuild::Project': always,
  'AWS::EC2::EIP': always,
  'AWS::EC2::EgressOnlyInternetGateway': always,
  'AWS::EC2::FlowLog': always,
  'AWS::EC2::InternetGateway': always,
  'AWS::EC2::NatGateway': always,
  'AWS::EC2::Route': always,
  'AWS::EC2::RouteTable': always,
  'AWS::EC2::SecurityGroup': always,
  'AWS::EC2::SecurityGroupEgress': always,
  'AWS::EC2::SecurityGroupIngress': always,
  'AWS::EC2::Subnet': always,
  'AWS::EC2::SubnetRouteTableAssociation': always,
  'AWS::EC2::VPC': always,
  'AWS::EC2::VPCCidrBlock': always,
  'AWS::EC2::VPCEndpoint': always,
  'AWS::EC2::VPCGatewayAttachment': always,
  'AWS::ECR::Repository': always,
  'AWS::Lambda::Alias': always,
  'AWS::Lambda::LayerVersion': always,
  'AWS::Lambda::Version': always,
  'AWS::Logs::LogGroup': always,
  'AWS::Logs::MetricFilter': always,
  'AWS::Logs::ResourcePolicy': always,
  // A topic only tells people; one that calls a function or a queue would have an effect.
  'AWS::SNS::Subscription': ({ properties }) => ['email', 'email-json', 'sms'].includes(properties.Protocol),
  'AWS::SNS::Topic': always,
  'AWS::SNS::TopicInlinePolicy': always,
  'AWS::SNS::TopicPolicy': always,
  'AWS::SQS::Queue': always,
  'AWS::SQS::QueuePolicy': always,
  'AWS::Scheduler::ScheduleGroup': always,
  // Amplify's waiter for tables, which DynamoDB here makes at once.
  'AWS::StepFunctions::StateMachine': ({ logicalId }) =>
    logicalId.startsWith('AmplifyTableWaiterStateMachine'),
  'Custom::AmplifyBranchLinkerResource': always,
  'Custom::LogRetention': always,
  'Custom::S3AutoDeleteObjects': always,
  'Custom::VpcRestrictDefaultSG': always,
};

/**
 * Refuses, all at once, the resources whose type the local cloud neither serves nor knows to be without effect.
 * Types in `ignored` pass.
 */
export function checkResourceTypes(resources: readonly Resource[], ignored: readonly string[] = []): void {
  const refused = resources.filter(
    (resource) =>
      !served.has(resource.type) &&
      !ignored.includes(resource.type) &&
      !withoutEffect[resource.type]?.(resource),
  );
  if (refused.length === 0) return;
  const names = refused.map(({ type, stack, logicalId }) => `${type} (${stack}/${logicalId})`);
  throw new Error(
    `The local cloud does not serve these resources: ${names.join(', ')}. ` +
      'If one has no effect on a single machine, name its type in the option `ignoreTypes`.',
  );
}

/** Does a service act on resources of this type? */
export function isServed(type: string): boolean {
  return served.has(type);
}
