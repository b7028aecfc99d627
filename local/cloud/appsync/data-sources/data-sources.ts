import type { CloudContext, Principal } from '../../service.ts';
import type { Api } from '../api.ts';
import type { CallDataSource } from '../resolver.ts';
import { ResolverError } from '../resolver-error.ts';
import { callDynamoDb } from './dynamodb.ts';
import { callLambda } from './lambda.ts';
import { callNone } from './none.ts';

const SESSION = 'APPSYNC_ASSUME_ROLE';

/** The API's data sources. Throws when a service role does not trust AppSync. */
export function createDataSources(api: Api, context: CloudContext): CallDataSource {
  for (const [name, source] of api.dataSources) {
    if (source.type !== 'NONE' && !context.iam.trusts(source.roleArn, 'appsync.amazonaws.com')) {
      throw new Error(`The role of the data source ${name} does not trust appsync.amazonaws.com`);
    }
  }
  return async (name, request) => {
    const source = api.dataSources.get(name);
    if (!source) throw new ResolverError(`There is no data source ${name}`, 'MappingTemplate');
    switch (source.type) {
      case 'NONE':
        return callNone(request);
      case 'AWS_LAMBDA':
        return callLambda(context, sessionOf(source.roleArn, context.accountId), source.functionArn, request);
      case 'AMAZON_DYNAMODB':
        return callDynamoDb(
          (operation, body) =>
            context.request({
              roleArn: source.roleArn,
              sessionName: SESSION,
              service: 'dynamodb',
              target: `DynamoDB_20120810.${operation}`,
              body,
            }),
          source.tableName,
          request,
        );
    }
  };
}

function sessionOf(roleArn: string, accountId: string): Principal {
  const name = roleArn.split('/').at(-1) ?? roleArn;
  return {
    accountId,
    roleArn,
    userArn: `arn:aws:sts::${accountId}:assumed-role/${name}/${SESSION}`,
    userId: `AROAAPPSYNC:${SESSION}`,
    sessionName: SESSION,
  };
}
