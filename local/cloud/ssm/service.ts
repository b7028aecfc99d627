import { z } from 'zod';
import { AwsError, type AwsService, type CloudContext, type HttpReply, type Principal } from '../service.ts';
import { type Parameter, ParameterStore } from './parameter-store.ts';

const target = 'AmazonSSM.';
/** The standard tier's limit, bytes. */
const maxValue = 4096;

const name = z
  .string()
  .max(1011)
  .regex(/^(\/?[\w.-]+)(\/[\w.-]+)*$/, 'a parameter name has letters, digits and . - _ between slashes');
const names = z.array(name).min(1).max(10);
const inputs = {
  GetParameter: z.strictObject({ Name: name, WithDecryption: z.boolean().default(false) }),
  GetParameters: z.strictObject({ Names: names, WithDecryption: z.boolean().default(false) }),
  GetParametersByPath: z.strictObject({
    Path: z.string().startsWith('/'),
    Recursive: z.boolean().default(false),
    WithDecryption: z.boolean().default(false),
    MaxResults: z.number().int().min(1).max(10).default(10),
    NextToken: z.string().optional(),
  }),
  PutParameter: z.strictObject({
    Name: name,
    Value: z.string().min(1),
    Type: z.enum(['String', 'StringList', 'SecureString']).optional(),
    Overwrite: z.boolean().default(false),
    Description: z.string().max(1024).optional(),
    Tier: z.enum(['Standard', 'Intelligent-Tiering']).optional(),
  }),
  DeleteParameter: z.strictObject({ Name: name }),
  DeleteParameters: z.strictObject({ Names: names }),
};

/** SSM's parameter store: each call checked against the policies of the parameter's ARN. */
export function createSsm(context: CloudContext): AwsService {
  const store = new ParameterStore(context.dataDirectory);
  for (const { properties, physicalId } of context.assembly.byType('AWS::SSM::Parameter')) {
    store.seed(properties.Name ?? physicalId, properties.Type, String(properties.Value), context.now());
  }

  const arnOf = (parameter: string) =>
    `arn:aws:ssm:${context.region}:${context.accountId}:parameter/${parameter.replace(/^\//, '')}`;
  const allow = (principal: Principal, action: string, parameter: string) =>
    context.iam.authorize(principal, `ssm:${action}`, arnOf(parameter));
  const shown = (parameter: Parameter, decrypt: boolean) => ({
    Name: parameter.name,
    Type: parameter.type,
    Value: store.valueOf(parameter, decrypt),
    Version: parameter.version,
    LastModifiedDate: parameter.modifiedAt / 1000,
    ARN: arnOf(parameter.name),
    DataType: 'text',
  });

  const operations: Record<string, (principal: Principal, body: unknown) => unknown> = {
    GetParameter(principal, body) {
      const input = parse(inputs.GetParameter, body);
      allow(principal, 'GetParameter', input.Name);
      const found = store.get(input.Name);
      if (!found) throw new AwsError('ParameterNotFound', `Parameter ${input.Name} not found.`);
      return { Parameter: shown(found, input.WithDecryption) };
    },
    GetParameters(principal, body) {
      const input = parse(inputs.GetParameters, body);
      for (const each of input.Names) allow(principal, 'GetParameters', each);
      const found = input.Names.flatMap((each) => store.get(each) ?? []);
      return {
        Parameters: found.map((each) => shown(each, input.WithDecryption)),
        InvalidParameters: input.Names.filter((each) => !found.some((parameter) => parameter.name === each)),
      };
    },
    GetParametersByPath(principal, body) {
      const input = parse(inputs.GetParametersByPath, body);
      const path = input.Path.replace(/\/?$/, '/');
      allow(principal, 'GetParametersByPath', path.slice(0, -1));
      const page: Parameter[] = [];
      let after = input.NextToken ?? '';
      let more = true;
      while (more && page.length < input.MaxResults) {
        const batch = store.list(path, after, 50);
        for (const each of batch) {
          if (page.length === input.MaxResults) break;
          after = each.name;
          if (input.Recursive || !each.name.slice(path.length).includes('/')) page.push(each);
        }
        more = batch.length === 50;
      }
      const full = page.length === input.MaxResults && store.list(path, after, 1).length > 0;
      return {
        Parameters: page.map((each) => shown(each, input.WithDecryption)),
        ...(full ? { NextToken: after } : {}),
      };
    },
    PutParameter(principal, body) {
      const input = parse(inputs.PutParameter, body);
      allow(principal, 'PutParameter', input.Name);
      const known = store.get(input.Name);
      if (known && !input.Overwrite) {
        throw new AwsError(
          'ParameterAlreadyExists',
          'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.',
        );
      }
      const type = input.Type ?? known?.type;
      if (!type)
        throw new AwsError(
          'ValidationException',
          'A parameter type is required when you create a parameter.',
        );
      if (Buffer.byteLength(input.Value) > maxValue) {
        throw new AwsError(
          'ValidationException',
          'Standard tier parameters support a maximum parameter value of 4096 characters.',
        );
      }
      return { Version: store.put(input.Name, type, input.Value, context.now()), Tier: 'Standard' };
    },
    DeleteParameter(principal, body) {
      const input = parse(inputs.DeleteParameter, body);
      allow(principal, 'DeleteParameter', input.Name);
      if (!store.delete(input.Name))
        throw new AwsError('ParameterNotFound', `Parameter ${input.Name} not found.`);
      return {};
    },
    DeleteParameters(principal, body) {
      const input = parse(inputs.DeleteParameters, body);
      for (const each of input.Names) allow(principal, 'DeleteParameters', each);
      const deleted = input.Names.filter((each) => store.delete(each));
      return {
        DeletedParameters: deleted,
        InvalidParameters: input.Names.filter((each) => !deleted.includes(each)),
      };
    },
  };

  return {
    name: 'ssm',
    accepts: (request) => String(request.headers['x-amz-target'] ?? '').startsWith(target),
    async handle(request): Promise<HttpReply> {
      const principal = await context.iam.authenticate(request, 'ssm');
      const called = String(request.headers['x-amz-target']).slice(target.length);
      const operation = operations[called];
      if (!operation)
        throw new AwsError('UnknownOperationException', `The local cloud's SSM has no ${called}.`);
      const body = operation(principal, JSON.parse(request.body.toString() || '{}'));
      return {
        status: 200,
        headers: { 'content-type': 'application/x-amz-json-1.1' },
        body: JSON.stringify(body),
      };
    },
    close: async () => store.close(),
  };
}

/** The fault names fields, never their values: a value may be a secret. */
function parse<T>(schema: z.ZodType<T>, body: unknown): T {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const faults = result.error.issues.map((issue) => `${issue.path.join('.') || 'request'}: ${issue.message}`);
  throw new AwsError('ValidationException', faults.join('; '));
}
