import type { Identify, Subject } from '../identity.ts';

const apiId = (subject: Subject) => subject.text('ApiId') ?? '';

/** AppSync, DynamoDB, S3, SSM and Cognito. */
export const dataIdentities: Readonly<Record<string, Identify>> = {
  'AWS::AppSync::GraphQLApi': (subject) => {
    const id = subject.digits(26);
    const arn = subject.arn('appsync', `apis/${id}`);
    const { endpoint } = subject.environment;
    const host = new URL(endpoint).host;
    return {
      ref: arn,
      arn,
      attributes: {
        ApiId: id,
        GraphQLUrl: `${endpoint}/graphql`,
        GraphQLDns: host,
        GraphQLEndpointArn: subject.arn('appsync', `endpoints/graphql-api/${id}`),
        RealtimeUrl: `${endpoint.replace(/^http/, 'ws')}/graphql/realtime`,
        RealtimeDns: host,
      },
    };
  },
  'AWS::AppSync::GraphQLSchema': (subject) => ({ ref: `${apiId(subject)}GraphQLSchema` }),
  'AWS::AppSync::DataSource': (subject) => {
    const arn = subject.arn('appsync', `apis/${apiId(subject)}/datasources/${subject.text('Name')}`);
    return { ref: arn, attributes: { DataSourceArn: arn, Name: subject.text('Name') ?? '' } };
  },
  'AWS::AppSync::FunctionConfiguration': (subject) => {
    const id = subject.digits(26);
    const arn = subject.arn('appsync', `apis/${apiId(subject)}/functions/${id}`);
    return {
      ref: arn,
      attributes: {
        FunctionArn: arn,
        FunctionId: id,
        Name: subject.text('Name') ?? '',
        DataSourceName: subject.text('DataSourceName') ?? '',
      },
    };
  },
  'AWS::AppSync::Resolver': (subject) => {
    const [type, field] = [subject.text('TypeName') ?? '', subject.text('FieldName') ?? ''];
    const arn = subject.arn('appsync', `apis/${apiId(subject)}/types/${type}/resolvers/${field}`);
    return { ref: arn, attributes: { ResolverArn: arn, TypeName: type, FieldName: field } };
  },
  'AWS::DynamoDB::Table': (subject) => {
    const name = subject.name('TableName', 255);
    const arn = subject.arn('dynamodb', `table/${name}`);
    return { ref: name, arn, attributes: { StreamArn: `${arn}/stream/${subject.digits(12)}` } };
  },
  'Custom::AmplifyDynamoDBTable': (subject) => {
    const name = subject.name('tableName', 255);
    const arn = subject.arn('dynamodb', `table/${name}`);
    return {
      ref: name,
      arn,
      attributes: { TableName: name, TableArn: arn, TableStreamArn: `${arn}/stream/${subject.digits(12)}` },
    };
  },
  'AWS::S3::Bucket': (subject) => {
    const { region } = subject.environment;
    const name = subject.text('BucketName') ?? subject.name('', 63).toLowerCase();
    return {
      ref: name,
      arn: `arn:aws:s3:::${name}`,
      attributes: {
        DomainName: `${name}.s3.amazonaws.com`,
        RegionalDomainName: `${name}.s3.${region}.amazonaws.com`,
      },
    };
  },
  'AWS::S3::BucketPolicy': (subject) => ({ ref: subject.text('Bucket') ?? '' }),
  'AWS::SSM::Parameter': (subject) => {
    const name = subject.name('Name', 128);
    return {
      ref: name,
      attributes: { Type: subject.text('Type') ?? '', Value: subject.text('Value') ?? '' },
    };
  },
  'AWS::Cognito::UserPool': (subject) => {
    const { region } = subject.environment;
    const id = `${region}_${subject.digits(9)}`;
    const provider = `cognito-idp.${region}.amazonaws.com/${id}`;
    return {
      ref: id,
      arn: subject.arn('cognito-idp', `userpool/${id}`),
      attributes: { UserPoolId: id, ProviderName: provider, ProviderURL: `https://${provider}` },
    };
  },
  'AWS::Cognito::UserPoolClient': (subject) => {
    const id = subject.digits(26);
    return { ref: id, attributes: { ClientId: id, Name: subject.text('ClientName') ?? id } };
  },
  'AWS::Cognito::UserPoolGroup': (subject) => ({ ref: subject.name('GroupName', 128) }),
  'AWS::Cognito::IdentityPool': (subject) => {
    const hex = subject.digits(32);
    const uuid = [
      hex.slice(0, 8),
      hex.slice(8, 12),
      `4${hex.slice(13, 16)}`,
      `8${hex.slice(17, 20)}`,
      hex.slice(20),
    ];
    const id = `${subject.environment.region}:${uuid.join('-')}`;
    return {
      ref: id,
      arn: subject.arn('cognito-identity', `identitypool/${id}`),
      attributes: { Name: subject.name('IdentityPoolName', 128) },
    };
  },
  'AWS::Cognito::IdentityPoolRoleAttachment': (subject) => ({ ref: subject.text('IdentityPoolId') ?? '' }),
};
