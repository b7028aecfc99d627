import { z } from 'zod';
import { AwsError, type AwsService, type CloudContext, type HttpReply, type Principal } from '../service.ts';
import { checkNewName, referenceOf } from './parameter-name.ts';
import { type Parameter, ParameterStore, type ParameterType } from './parameter-store.ts';

const target = 'AmazonSSM.';
/** The standard tier's limit, bytes. */
const maxValue = 4096;

const name = z.string().min(1).max(2048);
const names = z.array(name).min(1).max(10);
const decryption = z.boolean().default(false);
const inputs = {
  GetParameter: z.strictObject({ Name: name, WithDecryption: decryption }),
  GetParameters: z.strictObject({ Names: names, WithDecryption: decryption }),
  GetParametersByPath: z.strictObject({
    Path: z.string().min(1).max(2048).startsWith('/'),
    Recursive: z.boolean().default(false),
    WithDecryption: decryption,
    MaxResults: z.number().int().min(1).max(10).default(10),
    NextToken: z.string().optional(),
  }),
  PutParameter: z.strictObject({
    Name: name,
    Value: z.string().min(1),
    Type: z.enum(['String', 'StringList', 'SecureString']).optional(),
    Overwrite: z.boolean().default(false),
    Description: z.string().max(1024).optional(),
    AllowedPattern: z.string().max(1024).optional(),
    Tier: z.enum(['Standard', 'Intelligent-Tiering']).optional(),
    DataType: z.literal('text').optional(),
    KeyId: z.literal('alias/aws/ssm').optional(),
  }),
  DeleteParameter: z.strictObject({ Name: name }),
  DeleteParameters: z.strictObject({ Names: names }),
  DescribeParameters: z.strictObject({
    MaxResults: z.number().int().min(1).max(50).default(50),
    NextToken: z.string().optional(),
  }),
};

/** SSM's parameter store: each call checked against the policies of the parameter's ARN. */
export function createSsm(context: CloudContext): AwsService {
  const store = new ParameterStore(context.dataDirectory);
  store.seed(
    new Map(
      context.assembly.byType('AWS::SSM::Parameter').map(({ properties, physicalId }) => {
        const type: ParameterType = properties.Type;
        return [String(properties.Name ?? physicalId), { type, value: String(properties.Value) }];
      }),
    ),
    context.now(),
  );

  const arn = (resource: string) => `arn:aws:ssm:${context.region}:${context.accountId}:${resource}`;
  const arnOf = (parameter: string) => arn(`parameter/${parameter.replace(/^\//, '')}`);
  const allow = (principal: Principal, action: string, parameter: string) =>
    context.iam.authorize(principal, `ssm:${action}`, arnOf(parameter));
  const notFound = (parameter: string) =>
    new AwsError('ParameterNotFound', `Parameter ${parameter} not found.`);
  const shown = (parameter: Parameter, decrypt: boolean) => ({
    Name: parameter.name,
    Type: parameter.type,
    Value: store.valueOf(parameter, decrypt),
    Version: parameter.version,
    LastModifiedDate: parameter.modifiedAt / 1000,
    ARN: arnOf(parameter.name),
    DataType: 'text',
  });

  /** The page of a generator that goes on after `NextToken`. */
  function pageOf(parameters: Iterable<Parameter>, limit: number) {
    const page: Parameter[] = [];
    for (const parameter of parameters) {
      if (page.length === limit) return { page, next: { NextToken: page.at(-1)?.name } };
      page.push(parameter);
    }
    return { page, next: {} };
  }

  const operations: Readonly<Record<string, (principal: Principal, body: unknown) => unknown>> = {
    GetParameter(principal, body) {
      const input = parse(inputs.GetParameter, body);
      const reference = referenceOf(input.Name);
      allow(principal, 'GetParameter', reference.name);
      const found = store.get(reference.name, reference.version);
      if (!found && reference.version !== undefined && store.get(reference.name)) {
        throw new AwsError(
          'ParameterVersionNotFound',
          `Systems Manager could not find version ${reference.version} of ${reference.name}. Verify the version and try again.`,
        );
      }
      if (!found) throw notFound(reference.name);
      const selector = reference.selector ? { Selector: reference.selector } : {};
      return { Parameter: { ...shown(found, input.WithDecryption), ...selector } };
    },
    GetParameters(principal, body) {
      const input = parse(inputs.GetParameters, body);
      const wanted = [...new Set(input.Names)].map((asked) => ({ asked, ...referenceOf(asked) }));
      for (const each of wanted) allow(principal, 'GetParameters', each.name);
      const results = wanted.map((each) => ({ ...each, found: store.get(each.name, each.version) }));
      return {
        Parameters: results.flatMap(({ found, selector }) =>
          found
            ? [{ ...shown(found, input.WithDecryption), ...(selector ? { Selector: selector } : {}) }]
            : [],
        ),
        InvalidParameters: results.flatMap(({ found, asked }) => (found ? [] : [asked])),
      };
    },
    GetParametersByPath(principal, body) {
      const input = parse(inputs.GetParametersByPath, body);
      const path = input.Path.replace(/\/*$/, '/');
      allow(principal, 'GetParametersByPath', path.slice(0, -1));
      const below = function* () {
        for (const each of store.list(path, input.NextToken ?? '')) {
          if (input.Recursive || !each.name.slice(path.length).includes('/')) yield each;
        }
      };
      const { page, next } = pageOf(below(), input.MaxResults);
      return { Parameters: page.map((each) => shown(each, input.WithDecryption)), ...next };
    },
    DescribeParameters(principal, body) {
      const input = parse(inputs.DescribeParameters, body);
      context.iam.authorize(principal, 'ssm:DescribeParameters', arn('*'));
      const { page, next } = pageOf(store.list('', input.NextToken ?? ''), input.MaxResults);
      const Parameters = page.map((each) => ({
        Name: each.name,
        ARN: arnOf(each.name),
        Type: each.type,
        ...(each.type === 'SecureString' ? { KeyId: 'alias/aws/ssm' } : {}),
        LastModifiedDate: each.modifiedAt / 1000,
        ...(each.details.description ? { Description: each.details.description } : {}),
        ...(each.details.allowedPattern ? { AllowedPattern: each.details.allowedPattern } : {}),
        Version: each.version,
        Tier: 'Standard',
        Policies: [],
        DataType: 'text',
      }));
      return { Parameters, ...next };
    },
    PutParameter(principal, body) {
      const input = parse(inputs.PutParameter, body);
      const reference = referenceOf(input.Name);
      allow(principal, 'PutParameter', reference.name);
      if (reference.selector) throw new AwsError('ValidationException', 'A new value takes no version.');
      checkNewName(reference.name);
      const known = store.get(reference.name);
      if (known && !input.Overwrite) {
        throw new AwsError(
          'ParameterAlreadyExists',
          'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.',
        );
      }
      const type = input.Type ?? known?.type;
      if (!type) {
        throw new AwsError(
          'ValidationException',
          'A parameter type is required when you create a parameter.',
        );
      }
      if (known && type !== known.type && [type, known.type].includes('SecureString')) {
        throw new AwsError(
          'HierarchyTypeMismatchException',
          `The parameter is a ${known.type} and cannot become a ${type}. Create a new, unique parameter.`,
        );
      }
      checkValue(input.Value, input.AllowedPattern);
      const details = {
        ...(input.Description ? { description: input.Description } : {}),
        ...(input.AllowedPattern ? { allowedPattern: input.AllowedPattern } : {}),
      };
      const version = store.put(reference.name, type, input.Value, context.now(), details);
      return { Version: version, Tier: 'Standard' };
    },
    DeleteParameter(principal, body) {
      const { name: parameter } = referenceOf(parse(inputs.DeleteParameter, body).Name);
      allow(principal, 'DeleteParameter', parameter);
      if (!store.delete(parameter)) throw notFound(parameter);
      return {};
    },
    DeleteParameters(principal, body) {
      const wanted = [...new Set(parse(inputs.DeleteParameters, body).Names)];
      for (const each of wanted) allow(principal, 'DeleteParameters', referenceOf(each).name);
      const deleted = wanted.filter((each) => store.delete(referenceOf(each).name));
      return {
        DeletedParameters: deleted,
        InvalidParameters: wanted.filter((each) => !deleted.includes(each)),
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
      if (!operation) {
        throw new AwsError('UnknownOperationException', `The local cloud's SSM has no ${called}.`);
      }
      return {
        status: 200,
        headers: { 'content-type': 'application/x-amz-json-1.1' },
        body: JSON.stringify(operation(principal, jsonOf(request.body))),
      };
    },
    close: async () => store.close(),
  };
}

function checkValue(value: string, allowedPattern: string | undefined): void {
  if (Buffer.byteLength(value) > maxValue) {
    throw new AwsError(
      'ValidationException',
      'Standard tier parameters support a maximum parameter value of 4096 characters. The local cloud has no advanced tier.',
    );
  }
  if (allowedPattern === undefined) return;
  let pattern: RegExp;
  try {
    pattern = new RegExp(`^(?:${allowedPattern})$`);
  } catch {
    throw new AwsError('InvalidAllowedPatternException', 'The allowed pattern is not a regular expression.');
  }
  if (!pattern.test(value)) {
    throw new AwsError(
      'ParameterPatternMismatchException',
      'Parameter value, cannot be validated against allowedPattern',
    );
  }
}

function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString() || '{}');
  } catch {
    throw new AwsError('SerializationException', 'The request is no JSON object.');
  }
}

/** The fault names fields, never their values: a value may be a secret. */
function parse<T>(schema: z.ZodType<T>, body: unknown): T {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const faults = result.error.issues.map((issue) => `${issue.path.join('.') || 'request'}: ${issue.message}`);
  throw new AwsError('ValidationException', faults.join('; '));
}
