// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Fn::Sub takes such texts
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type AssemblyOptions, readAssembly } from './assembly.ts';
import type { Json, Template } from './template.ts';

const sourceHash = 'a'.repeat(64);
const nestedHash = 'b'.repeat(64);

/** Writes an assembly of one root and one nested template, and reads it. */
function assemble(
  root: Template,
  nested: Template = { Resources: {} },
  options: Partial<AssemblyOptions> = {},
) {
  const directory = mkdtempSync(join(tmpdir(), 'assembly-'));
  const write = (name: string, value: unknown) => writeFileSync(join(directory, name), JSON.stringify(value));
  const asset = (hash: string, path: string) => ({
    [hash]: { source: { path }, destinations: { here: { objectKey: `${hash}.zip` } } },
  });
  mkdirSync(join(directory, `asset.${sourceHash}`));
  write('manifest.json', {
    artifacts: {
      app: { type: 'aws:cloudformation:stack', properties: { templateFile: 'app.template.json' } },
    },
  });
  write('app.template.json', root);
  write('nested.template.json', nested);
  write('app.assets.json', {
    files: { ...asset(sourceHash, `asset.${sourceHash}`), ...asset(nestedHash, 'nested.template.json') },
  });
  return readAssembly(directory, {
    region: 'us-east-1',
    accountId: '000000000000',
    endpoint: 'http://127.0.0.1:4566',
    ...options,
  });
}

const parameter = (value: Json) => ({
  Type: 'AWS::SSM::Parameter',
  Properties: { Type: 'String', Value: value },
});
const resolved = (value: Json, rest: Partial<Template> = {}) =>
  assemble({ ...rest, Resources: { ...rest.Resources, P: parameter(value) } }).byType(
    'AWS::SSM::Parameter',
  )[0]?.properties.Value;

test('every intrinsic that templates use is resolved', () => {
  const rest: Partial<Template> = {
    Mappings: { Sizes: { big: { cpu: '1024' } } },
    Conditions: { Yes: { 'Fn::Not': [{ 'Fn::Equals': ['a', { Ref: 'Word' }] }] } },
    Parameters: {
      Word: { Type: 'String', Default: 'b' },
      Many: { Type: 'CommaDelimitedList', Default: 'x,y' },
    },
    Resources: { Role: { Type: 'AWS::IAM::Role', Properties: { RoleName: 'writer' } } },
  };
  const cases: readonly (readonly [Json, Json])[] = [
    [{ 'Fn::GetAtt': ['Role', 'Arn'] }, 'arn:aws:iam::000000000000:role/writer'],
    [{ 'Fn::GetAtt': 'Role.Arn' }, 'arn:aws:iam::000000000000:role/writer'],
    [{ 'Fn::Join': ['-', [{ Ref: 'Role' }, { Ref: 'Word' }, 3]] }, 'writer-b-3'],
    [
      { 'Fn::Sub': '${Role.Arn}/${!kept}/${AWS::Region}' },
      'arn:aws:iam::000000000000:role/writer/${kept}/us-east-1',
    ],
    [{ 'Fn::Sub': ['${x}${Word}', { x: { Ref: 'Word' } }] }, 'bb'],
    [{ 'Fn::Select': [1, { 'Fn::Split': [':', 'a:b'] }] }, 'b'],
    [{ 'Fn::Select': ['0', { 'Fn::GetAZs': '' }] }, 'us-east-1a'],
    [{ 'Fn::If': ['Yes', 'yes', 'no'] }, 'yes'],
    [{ 'Fn::FindInMap': ['Sizes', 'big', 'cpu'] }, '1024'],
    [{ 'Fn::Base64': 'hi' }, 'aGk='],
    [{ 'Fn::Join': ['', { Ref: 'Many' }] }, 'xy'],
    [['a', { Ref: 'AWS::NoValue' }], ['a']],
  ];
  for (const [value, expected] of cases) expect(resolved(value, rest)).toEqual(expected);
});

test('values pass into a nested stack as parameters and out of it as outputs', () => {
  const assembly = assemble(
    {
      Resources: {
        Topic: { Type: 'AWS::SNS::Topic' },
        Child: {
          Type: 'AWS::CloudFormation::Stack',
          Properties: {
            TemplateURL: `https://s3/${nestedHash}.json`,
            Parameters: { topic: { Ref: 'Topic' } },
          },
        },
      },
      Outputs: { Name: { Value: { 'Fn::GetAtt': ['Child', 'Outputs.Name'] } } },
    },
    {
      Parameters: { topic: { Type: 'String' } },
      Resources: {
        P: {
          Type: 'AWS::SSM::Parameter',
          Properties: { Name: '/x', Type: 'String', Value: { Ref: 'topic' } },
        },
      },
      Outputs: { Name: { Value: { Ref: 'P' } } },
    },
  );
  expect(assembly.outputs.Name).toBe('/x');
  const [inner] = assembly.byType('AWS::SSM::Parameter');
  expect(inner).toMatchObject({ stack: 'root/Child', physicalId: '/x' });
  expect(inner?.properties.Value).toMatch(/^arn:aws:sns:us-east-1:000000000000:Topic-/);
});

test('names stay the same from one reading to the next and differ between stacks', () => {
  const template: Template = { Resources: { Bucket: { Type: 'AWS::S3::Bucket' } } };
  const names = () =>
    assemble(
      {
        Resources: {
          ...template.Resources,
          Child: { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL: `${nestedHash}.json` } },
        },
      },
      template,
    )
      .byType('AWS::S3::Bucket')
      .map((bucket) => bucket.physicalId);
  expect(names()).toEqual(names());
  expect(new Set(names()).size).toBe(2);
  for (const name of names()) expect(name).toMatch(/^[a-z0-9-]{3,63}$/);
});

test('resources come after those they depend on, and one whose condition is false is left out', () => {
  const assembly = assemble({
    Conditions: { Never: { 'Fn::Equals': ['a', 'b'] } },
    Resources: {
      Late: { ...parameter('1'), DependsOn: ['Early', 'Absent'] },
      Early: parameter('2'),
      Absent: { ...parameter('3'), Condition: 'Never' },
    },
  });
  expect(assembly.resources.map((resource) => resource.logicalId)).toEqual(['Early', 'Late']);
});

test('an image that a deployment would build is found by the URI that the task definition gets', () => {
  const assembly = assemble({
    Resources: {
      Repository: { Type: 'AWS::ECR::Repository', Properties: { RepositoryName: 'agent' } },
      Build: {
        Type: 'Custom::CDKContainerImageBuild',
        Properties: {
          repositoryUri: { 'Fn::GetAtt': ['Repository', 'RepositoryUri'] },
          imageTag: 'v1',
          sourceS3Url: `s3://assets/${sourceHash}.zip`,
        },
      },
      Image: parameter({
        'Fn::Join': [
          '',
          [{ 'Fn::GetAtt': ['Repository', 'RepositoryUri'] }, ':', { 'Fn::GetAtt': ['Build', 'ImageTag'] }],
        ],
      }),
    },
  });
  const image = assembly.byType('AWS::SSM::Parameter')[0]?.properties.Value;
  expect(image).toBe('000000000000.dkr.ecr.us-east-1.amazonaws.com/agent:v1');
  expect(assembly.assetPath(image)).toBe(join(assembly.directory, `asset.${sourceHash}`));
  expect(() => assembly.assetPath('other:v2')).toThrow('no asset for other:v2');
});

test('what is unknown is refused by name', () => {
  expect(() => resolved({ 'Fn::ImportValue': 'x' })).toThrow('Fn::ImportValue');
  expect(() => resolved('{{resolve:ssm:/x}}')).toThrow('{{resolve:ssm:/x}}');
  expect(() => resolved({ Ref: 'Nobody' })).toThrow('Nobody');
  expect(() =>
    resolved(
      { 'Fn::GetAtt': ['Bucket', 'WebsiteURL'] },
      { Resources: { Bucket: { Type: 'AWS::S3::Bucket' } } },
    ),
  ).toThrow('WebsiteURL of Bucket (AWS::S3::Bucket)');
  expect(() => resolved({ 'Fn::If': ['C', 1, 2] }, { Conditions: { C: { 'Fn::Contains': [] } } })).toThrow(
    'Fn::Contains',
  );
  expect(() => resolved({ Ref: 'Word' }, { Parameters: { Word: { Type: 'String' } } })).toThrow(
    'Word has no local value',
  );
});

test('a resource type that is not served is refused at start unless it is named as ignorable', () => {
  const template: Template = {
    Resources: {
      Db: { Type: 'AWS::RDS::DBInstance' },
      Machine: { Type: 'AWS::StepFunctions::StateMachine' },
    },
  };
  expect(() => assemble(template)).toThrow(
    'AWS::RDS::DBInstance (root/Db), AWS::StepFunctions::StateMachine (root/Machine)',
  );
  const ignoreTypes = ['AWS::RDS::DBInstance', 'AWS::StepFunctions::StateMachine'];
  expect(assemble(template, undefined, { ignoreTypes }).resources).toHaveLength(2);
});

test('an attribute nobody models matters only where a service would see it', () => {
  const unknown = { 'Fn::GetAtt': ['Vpc', 'Nothing'] };
  const Vpc = { Type: 'AWS::EC2::VPC' };
  expect(() =>
    assemble({ Resources: { Vpc, Alarm: { Type: 'AWS::CloudWatch::Alarm', Properties: { a: unknown } } } }),
  ).not.toThrow();
  expect(() => assemble({ Resources: { Vpc, P: parameter(unknown) } })).toThrow(
    'Nothing of Vpc (AWS::EC2::VPC)',
  );
});

test('a value that needs itself is reported', () => {
  const role = (other: string) => ({ Type: 'AWS::IAM::Role', Properties: { RoleName: { Ref: other } } });
  expect(() => assemble({ Resources: { A: role('B'), B: role('A') } })).toThrow('refers to itself');
});
