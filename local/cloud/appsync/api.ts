import { readFileSync } from 'node:fs';
import type { Assembly, Resource } from '../service.ts';
import { jsMapping } from './js/mapping.ts';
import type { Mapping } from './mapping.ts';
import { vtlMapping } from './vtl/mapping.ts';

/** The ways to sign in to an API that this cloud serves. */
export type AuthenticationType = 'AMAZON_COGNITO_USER_POOLS' | 'AWS_IAM' | 'API_KEY';

export interface UserPoolAccess {
  readonly userPoolId: string;
  /** Clients whose tokens are accepted; all of the pool's when undefined. */
  readonly clientIds: RegExp | undefined;
}

export interface Api {
  readonly id: string;
  readonly arn: string;
  readonly schema: string;
  readonly defaultType: AuthenticationType;
  readonly types: ReadonlySet<AuthenticationType>;
  readonly userPools: readonly UserPoolAccess[];
  /** What a user may do where no directive speaks: the default provider's DefaultAction. */
  readonly defaultAction: 'ALLOW' | 'DENY';
  /** API keys with their expiry in epoch seconds. */
  readonly keys: ReadonlyMap<string, number>;
  readonly introspection: boolean;
  /** 0 for no limit of its own. */
  readonly depthLimit: number;
  readonly resolverCountLimit: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly resolvers: ReadonlyMap<string, ResolverDefinition>;
  readonly dataSources: ReadonlyMap<string, DataSourceDefinition>;
}

export type DataSourceDefinition =
  | { readonly type: 'NONE' }
  | { readonly type: 'AWS_LAMBDA'; readonly functionArn: string; readonly roleArn: string }
  | { readonly type: 'AMAZON_DYNAMODB'; readonly tableName: string; readonly roleArn: string };

export interface FunctionDefinition {
  readonly name: string;
  readonly dataSource: string;
  readonly mapping: Mapping;
}

export interface ResolverDefinition {
  readonly mapping: Mapping;
  /** Of a unit resolver. */
  readonly dataSource?: string;
  /** Of a pipeline resolver. */
  readonly functions?: readonly FunctionDefinition[];
}

/** AppSync's quota for one pipeline. */
const MAX_FUNCTIONS = 10;
const AUTHENTICATION_TYPES: readonly string[] = ['AMAZON_COGNITO_USER_POOLS', 'AWS_IAM', 'API_KEY'];
const DEFAULT_RESOLVER_COUNT = 10_000;

/**
 * Reads the assembly's GraphQL API with its schema, keys, data sources and resolvers. Undefined when it has none.
 * Throws, naming the resource, for what this cloud does not serve.
 */
export function readApi(assembly: Assembly): Api | undefined {
  const apis = assembly.byType('AWS::AppSync::GraphQLApi');
  if (apis.length > 1)
    throw new Error(`This cloud serves one GraphQL API, and the assembly has ${apis.length}`);
  const resource = apis[0];
  if (!resource) return undefined;
  refuseOthers(assembly);
  const properties = resource.properties;
  if (properties.ApiType === 'MERGED') throw refused(resource, 'merged APIs');
  const providers = [properties, ...(properties.AdditionalAuthenticationProviders ?? [])];
  for (const provider of providers) {
    if (!AUTHENTICATION_TYPES.includes(provider.AuthenticationType)) {
      throw refused(resource, `the authentication type ${provider.AuthenticationType}`);
    }
  }
  const functions = readFunctions(assembly);
  return {
    id: idOf(resource),
    arn: resource.arn ?? resource.physicalId,
    schema: readSchema(assembly),
    defaultType: properties.AuthenticationType,
    types: new Set(providers.map((provider) => provider.AuthenticationType)),
    userPools: providers.flatMap((provider) =>
      provider.UserPoolConfig
        ? [
            {
              userPoolId: provider.UserPoolConfig.UserPoolId,
              clientIds: provider.UserPoolConfig.AppIdClientRegex
                ? new RegExp(`^(?:${provider.UserPoolConfig.AppIdClientRegex})$`)
                : undefined,
            },
          ]
        : [],
    ),
    defaultAction: properties.UserPoolConfig?.DefaultAction ?? 'ALLOW',
    keys: new Map(assembly.byType('AWS::AppSync::ApiKey').map(readKey)),
    introspection: properties.IntrospectionConfig !== 'DISABLED',
    depthLimit: Number(properties.QueryDepthLimit ?? 0),
    resolverCountLimit: Number(properties.ResolverCountLimit ?? 0) || DEFAULT_RESOLVER_COUNT,
    environment: properties.EnvironmentVariables ?? {},
    resolvers: new Map(
      assembly.byType('AWS::AppSync::Resolver').map((resolver) => {
        const name = `${resolver.properties.TypeName}.${resolver.properties.FieldName}`;
        return [name, readResolver(assembly, resolver, name, functions)];
      }),
    ),
    dataSources: new Map(
      assembly
        .byType('AWS::AppSync::DataSource')
        .map((source) => [source.properties.Name, readDataSource(source)]),
    ),
  };
}

function refuseOthers(assembly: Assembly): void {
  const served = ['GraphQLApi', 'GraphQLSchema', 'ApiKey', 'DataSource', 'Resolver', 'FunctionConfiguration'];
  for (const resource of assembly.resources) {
    const [, kind] = /^AWS::AppSync::(\w+)$/.exec(resource.type) ?? [];
    if (kind && !served.includes(kind)) throw refused(resource, resource.type);
  }
}

function readSchema(assembly: Assembly): string {
  const schemas = assembly.byType('AWS::AppSync::GraphQLSchema');
  const schema = schemas[0];
  if (!schema || schemas.length > 1) throw new Error('The GraphQL API needs one AWS::AppSync::GraphQLSchema');
  return readText(assembly, schema, 'Definition') ?? '';
}

/** A property given inline (`Code`) or as an S3 asset (`CodeS3Location`). */
function readText(assembly: Assembly, resource: Resource, property: string): string | undefined {
  const location = resource.properties[`${property}S3Location`];
  if (typeof location === 'string') return readFileSync(assembly.assetPath(location), 'utf8');
  return resource.properties[property];
}

function readKey(resource: Resource): [string, number] {
  const expires = Number(resource.properties.Expires ?? 0);
  // Ref gives the key's ARN, …/apikeys/da2-….
  const key = resource.properties.ApiKeyId ?? resource.physicalId.split('/').at(-1);
  return [key, expires || Number.POSITIVE_INFINITY];
}

function readDataSource(resource: Resource): DataSourceDefinition {
  const { Type, ServiceRoleArn, LambdaConfig, DynamoDBConfig } = resource.properties;
  if (Type === 'NONE') return { type: 'NONE' };
  if (Type === 'AWS_LAMBDA') {
    return { type: 'AWS_LAMBDA', functionArn: LambdaConfig.LambdaFunctionArn, roleArn: ServiceRoleArn };
  }
  if (Type === 'AMAZON_DYNAMODB') {
    if (DynamoDBConfig.Versioned === true) throw refused(resource, 'versioned data sources');
    return { type: 'AMAZON_DYNAMODB', tableName: DynamoDBConfig.TableName, roleArn: ServiceRoleArn };
  }
  throw refused(resource, `data sources of the type ${Type}`);
}

function readFunctions(assembly: Assembly): ReadonlyMap<string, FunctionDefinition> {
  const functions = new Map<string, FunctionDefinition>();
  for (const resource of assembly.byType('AWS::AppSync::FunctionConfiguration')) {
    refuseExtras(resource);
    const { Name, DataSourceName } = resource.properties;
    const definition = {
      name: Name,
      dataSource: DataSourceName,
      mapping: readMapping(assembly, resource, Name),
    };
    functions.set(idOf(resource), definition);
  }
  return functions;
}

function readResolver(
  assembly: Assembly,
  resource: Resource,
  name: string,
  functions: ReadonlyMap<string, FunctionDefinition>,
): ResolverDefinition {
  refuseExtras(resource);
  const mapping = readMapping(assembly, resource, name);
  const { Kind, DataSourceName, PipelineConfig } = resource.properties;
  if (Kind !== 'PIPELINE') return { mapping, dataSource: DataSourceName };
  const ids: string[] = PipelineConfig?.Functions ?? [];
  if (ids.length > MAX_FUNCTIONS)
    throw new Error(`The pipeline ${name} has more than ${MAX_FUNCTIONS} functions`);
  const steps = ids.map((id) => {
    const step = functions.get(id);
    if (!step)
      throw new Error(`The pipeline ${name} names the function ${id}, which the assembly does not have`);
    return step;
  });
  return { mapping, functions: steps };
}

function refuseExtras(resource: Resource): void {
  const { CachingConfig, SyncConfig, MaxBatchSize } = resource.properties;
  if (CachingConfig) throw refused(resource, 'caching');
  if (SyncConfig && SyncConfig.ConflictDetection !== 'NONE') throw refused(resource, 'conflict detection');
  if (Number(MaxBatchSize ?? 0) > 0) throw refused(resource, 'batching');
}

function readMapping(assembly: Assembly, resource: Resource, name: string): Mapping {
  const runtime = resource.properties.Runtime?.Name;
  if (runtime === 'APPSYNC_JS') return jsMapping(name, readText(assembly, resource, 'Code') ?? '');
  if (runtime !== undefined) throw refused(resource, `the runtime ${runtime}`);
  return vtlMapping(
    name,
    readText(assembly, resource, 'RequestMappingTemplate'),
    readText(assembly, resource, 'ResponseMappingTemplate'),
  );
}

/** The id at the end of an ARN: Ref and Arn of AppSync's resources are ARNs, their ids are not. */
function idOf(resource: Resource): string {
  return (resource.arn ?? resource.physicalId).split('/').at(-1) ?? resource.physicalId;
}

function refused(resource: Resource, what: string): Error {
  return new Error(`${resource.stack}/${resource.logicalId}: this cloud does not serve ${what} of AppSync`);
}
