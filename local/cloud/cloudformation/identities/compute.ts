import type { Identify, Subject } from '../identity.ts';

const identifier: Identify = (subject) => ({ ref: `${subject.logicalId}-${subject.digits(12)}` });

/** ARN of a function that a property names by ARN or by name. */
function functionArn(subject: Subject, property: string): string {
  const given = subject.text(property) ?? '';
  return given.startsWith('arn:') ? given : subject.arn('lambda', `function:${given}`);
}

/** Lambda, ECS, EventBridge and what builds or orchestrates compute. */
export const computeIdentities: Readonly<Record<string, Identify>> = {
  'AWS::Lambda::Function': (subject) => {
    const name = subject.name('FunctionName');
    return { ref: name, arn: subject.arn('lambda', `function:${name}`) };
  },
  'AWS::Lambda::Version': (subject) => {
    const arn = `${functionArn(subject, 'FunctionName')}:1`;
    return { ref: arn, attributes: { FunctionArn: arn, Version: '1' } };
  },
  'AWS::Lambda::Alias': (subject) => {
    const arn = `${functionArn(subject, 'FunctionName')}:${subject.text('Name')}`;
    return { ref: arn, attributes: { AliasArn: arn } };
  },
  'AWS::Lambda::Url': (subject) => ({
    ref: functionArn(subject, 'TargetFunctionArn'),
    attributes: {
      FunctionArn: functionArn(subject, 'TargetFunctionArn'),
      FunctionUrl: `${subject.environment.endpoint}/lambda-url/${subject.digits(32)}/`,
    },
  }),
  'AWS::Lambda::LayerVersion': (subject) => {
    const arn = subject.arn('lambda', `layer:${subject.name('LayerName')}:1`);
    return { ref: arn, attributes: { LayerVersionArn: arn } };
  },
  'AWS::Lambda::Permission': identifier,
  'AWS::Lambda::EventInvokeConfig': identifier,
  'AWS::ECS::Cluster': (subject) => {
    const name = subject.name('ClusterName');
    return { ref: name, arn: subject.arn('ecs', `cluster/${name}`) };
  },
  'AWS::ECS::ClusterCapacityProviderAssociations': (subject) => ({ ref: subject.text('Cluster') ?? '' }),
  'AWS::ECS::TaskDefinition': (subject) => {
    const arn = subject.arn('ecs', `task-definition/${subject.name('Family', 255)}:1`);
    return { ref: arn, arn, attributes: { TaskDefinitionArn: arn } };
  },
  'AWS::ECR::Repository': (subject) => {
    const { accountId, region } = subject.environment;
    const name = subject.name('RepositoryName', 100).toLowerCase();
    return {
      ref: name,
      arn: subject.arn('ecr', `repository/${name}`),
      attributes: { RepositoryUri: `${accountId}.dkr.ecr.${region}.amazonaws.com/${name}` },
    };
  },
  'AWS::CodeBuild::Project': (subject) => {
    const name = subject.name('Name');
    return { ref: name, arn: subject.arn('codebuild', `project/${name}`) };
  },
  'AWS::StepFunctions::StateMachine': (subject) => {
    const name = subject.name('StateMachineName');
    const arn = subject.arn('states', `stateMachine:${name}`);
    return { ref: arn, arn, attributes: { Name: name } };
  },
  'AWS::Events::Rule': (subject) => {
    const name = subject.name('Name');
    return { ref: name, arn: subject.arn('events', `rule/${name}`) };
  },
  'AWS::Scheduler::Schedule': (subject) => {
    const name = subject.name('Name');
    return {
      ref: name,
      arn: subject.arn('scheduler', `schedule/${subject.text('GroupName') ?? 'default'}/${name}`),
    };
  },
  'AWS::Scheduler::ScheduleGroup': (subject) => {
    const name = subject.name('Name');
    return { ref: name, arn: subject.arn('scheduler', `schedule-group/${name}`) };
  },
};
