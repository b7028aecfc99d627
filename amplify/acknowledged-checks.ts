/** What AWS's solution checks (cdk-nag) find and why it stays. The test fails for what is not here, and for what is here in vain. */
interface Acknowledgement {
  /** Without `AwsSolutions-`. */
  readonly rule: string;
  /** A part of the finding, for rules that name what they found. */
  readonly about?: string;
  /** Path of the construct below the root stack. */
  readonly place: RegExp;
  readonly reason: string;
}

/** Functions and roles that Amplify and CDK make for themselves, at work during deployments only. */
const tools =
  /^(AmplifyBranchLinker|data\/amplifyData\/AmplifyTableManager|data\/Custom::CDKBucketDeployment|agent\/DeployTimeBuild)/;
const imageBuild = /^agent\/ContainerImageBuildArm64/;
const ownFunctions =
  /^data\/(telegram-webhook|deliver-message|receive-files|link-channel|send-message|retry-message|wake-agent|serve-files|serve-snapshots|serve-task|manage-key|test-model|task-changed|sweep-idle|erase-data|manage-push|push-answer|manage-schedules|run-schedules)-lambda\//;

export const acknowledged: readonly Acknowledgement[] = [
  {
    rule: 'IAM4',
    about: 'AWSLambdaBasicExecutionRole',
    place: ownFunctions,
    reason: 'Writing logs is all that it allows.',
  },
  { rule: 'IAM4', about: 'AWSLambdaBasicExecutionRole', place: tools, reason: 'Made by Amplify and CDK.' },
  {
    rule: 'IAM4',
    about: 'AmazonElasticContainerRegistryPublicReadOnly',
    place: imageBuild,
    reason: 'Made by deploy-time-build: reads public base images.',
  },
  {
    rule: 'IAM5',
    about: 'parameter/serverless-openclaw/',
    place: /^data\/(serve-task|manage-key|test-model|erase-data)-lambda\//,
    reason: 'One parameter an owner, and owners come and go.',
  },
  {
    rule: 'IAM5',
    about: '/owners/*',
    place:
      /^data\/(send-message|deliver-message|receive-files|serve-files|serve-snapshots|serve-task|erase-data)-lambda\//,
    reason: 'One prefix an owner, and owners come and go.',
  },
  {
    rule: 'IAM5',
    about: ':task/',
    place: ownFunctions,
    reason: 'Tasks have no names before they run; the cluster is fixed by the resource and by a condition.',
  },
  {
    rule: 'IAM5',
    about: 'Resource::*',
    place: /^data\/sweep-idle-lambda\//,
    reason: 'ecs:ListTasks knows no resource for tasks; a condition fixes the cluster.',
  },
  {
    rule: 'IAM5',
    about: 'Resource::*',
    place: /^agent\/Agent\/Task\/ExecutionRole\//,
    reason: 'ecr:GetAuthorizationToken knows no resource.',
  },
  {
    rule: 'IAM5',
    about: '.Arn>:*',
    place: /^data\/(SchedulerRoleForTarget|amplifyData\/(FunctionDirectiveStack|L2GraphqlApi))/,
    reason: 'Made by Amplify and CDK: the versions of one function.',
  },
  {
    rule: 'IAM5',
    place:
      /^data\/amplifyData\/(Agent|Allowance|ChannelRow|Conversation|Delivery|Message|PushDevice|Schedule|Settings|TaskSession|Usage)\/\w+IAMRole\//,
    reason: 'Made by Amplify: the indexes of one table.',
  },
  { rule: 'IAM5', place: tools, reason: 'Made by Amplify and CDK.' },
  { rule: 'IAM5', place: imageBuild, reason: 'Made by deploy-time-build.' },
  { rule: 'L1', place: tools, reason: 'Made by Amplify and CDK.' },
  {
    rule: 'COG1',
    place: /^auth\//,
    reason: 'Twelve characters instead of symbols: length is what counts (NIST SP 800-63B, 5.1.1.2).',
  },
  {
    rule: 'COG2',
    place: /^auth\//,
    reason: 'A second factor is offered and belongs to each person: nobody is made to own a second device.',
  },
  { rule: 'COG8', place: /^auth\//, reason: 'The plus tier is charged for every person.' },
  { rule: 'ASC3', place: /^data\//, reason: 'Request logs would hold what people write, and are charged.' },
  {
    rule: 'S1',
    place: /^storage\//,
    reason: 'Access logs would grow with every snapshot; nothing is public.',
  },
  { rule: 'S1', place: /^data\//, reason: 'Made by Amplify: the schema, nothing of any person.' },
  {
    rule: 'S10',
    place: /^data\/amplifyData\/AmplifyCodegenAssets\//,
    reason: 'Made by Amplify: the schema.',
  },
  { rule: 'VPC7', place: /^agent\//, reason: 'Flow logs are charged; nothing can connect inward.' },
  { rule: 'ECS4', place: /^agent\//, reason: 'Container Insights is charged for every metric.' },
  { rule: 'SQS3', place: /^data\/DeadLetters\//, reason: 'It is the queue of dead letters.' },
  {
    rule: 'CB4',
    place: imageBuild,
    reason: 'A key of our own is charged every month; the build has no secrets.',
  },
];
