import { evaluateCondition } from './conditions.ts';
import { type Identity, identify, subjectOf } from './identity.ts';
import { resolve, resolveText, type Scope } from './intrinsics.ts';
import type { Environment, Json, Template, TemplateResource } from './template.ts';

/** One template with its parameters, and the nested stacks under it. */
export interface Stack extends Scope {
  readonly template: Template;
  identity(logicalId: string): Identity;
  /** Resource names whose condition holds, those named in DependsOn first. */
  order(): readonly string[];
  /** Nested stacks by logical id. */
  nested(logicalId: string): Stack;
  output(name: string): Json | undefined;
}

/** What a stack needs from outside. */
export interface StackInput {
  readonly path: string;
  readonly name: string;
  readonly template: Template;
  readonly environment: Environment;
  /** Gives a parameter's value, or undefined to take its default. */
  readonly parameter: (name: string) => Json | undefined;
  /** Loads the template that a nested stack's TemplateURL names. */
  readonly load: (templateUrl: string) => Template;
}

/** Gives access to a template's values. Nothing is resolved before it is asked for. */
export function openStack(input: StackInput): Stack {
  const { template, environment, path } = input;
  const resources = template.Resources;
  const pseudo: Readonly<Record<string, Json | undefined>> = {
    'AWS::AccountId': environment.accountId,
    'AWS::Region': environment.region,
    'AWS::Partition': 'aws',
    'AWS::URLSuffix': 'amazonaws.com',
    'AWS::StackName': input.name,
    'AWS::StackId': `arn:aws:cloudformation:${environment.region}:${environment.accountId}:stack/${input.name}/local`,
    'AWS::NotificationARNs': [],
    'AWS::NoValue': undefined,
  };
  const identities = once<Identity>((logicalId) => {
    const { Type, Properties } = resourceOf(logicalId);
    const property = (name: string) => {
      const value = Properties?.[name];
      return value === undefined ? undefined : resolve(value, stack);
    };
    return identify(subjectOf({ stack: path, logicalId, type: Type }, environment, property));
  }, path);
  const conditions = once<boolean>((name) => {
    const condition = template.Conditions?.[name];
    if (condition === undefined) throw new Error(`${path}: no condition is named ${name}`);
    return evaluateCondition(condition, stack);
  }, path);
  const nestedStacks = once<Stack>((logicalId) => {
    const properties = resourceOf(logicalId).Properties ?? {};
    const given = properties.Parameters as { readonly [key: string]: Json } | undefined;
    return openStack({
      ...input,
      path: `${path}/${logicalId}`,
      name: `${input.name}-${logicalId}`.slice(0, 128),
      template: input.load(resolveText(properties.TemplateURL ?? null, stack)),
      parameter: (name) => (given?.[name] === undefined ? undefined : resolve(given[name], stack)),
    });
  }, path);

  function resourceOf(logicalId: string): TemplateResource {
    const resource = resources[logicalId];
    if (resource === undefined) throw new Error(`${path}: no resource is named ${logicalId}`);
    return resource;
  }

  const stack: Stack = {
    path,
    region: environment.region,
    template,
    identity: identities,
    condition: conditions,
    nested: nestedStacks,
    reference(name) {
      if (name in pseudo) return pseudo[name];
      if (name in resources) return identities(name).ref;
      return parameterValue(input, name);
    },
    attribute(logicalId, attribute) {
      const { Type } = resourceOf(logicalId);
      if (Type === 'AWS::CloudFormation::Stack' && attribute.startsWith('Outputs.')) {
        const value = nestedStacks(logicalId).output(attribute.slice('Outputs.'.length));
        if (value !== undefined) return value;
      } else {
        const { arn, attributes } = identities(logicalId);
        const value = attributes?.[attribute] ?? (attribute === 'Arn' ? arn : undefined);
        if (value !== undefined) return value;
      }
      throw new Error(
        `${path}: the local cloud does not know the attribute ${attribute} of ${logicalId} (${Type})`,
      );
    },
    mapping(map, topLevelKey, secondLevelKey) {
      const value = template.Mappings?.[map]?.[topLevelKey]?.[secondLevelKey];
      if (value === undefined) throw new Error(`${path}: no mapping ${map}/${topLevelKey}/${secondLevelKey}`);
      return value;
    },
    order: () => dependencyOrder(stack),
    output(name) {
      const output = template.Outputs?.[name];
      if (output === undefined || (output.Condition !== undefined && !conditions(output.Condition)))
        return undefined;
      return resolve(output.Value, stack);
    },
  };
  return stack;
}

function parameterValue(input: StackInput, name: string): Json {
  const parameter = input.template.Parameters?.[name];
  if (parameter === undefined) throw new Error(`${input.path}: nothing is named ${name}`);
  const value = input.parameter(name) ?? parameter.Default;
  if (value === undefined || parameter.Type.startsWith('AWS::SSM::Parameter::')) {
    throw new Error(`${input.path}: the parameter ${name} has no local value`);
  }
  if (
    parameter.AllowedValues &&
    !parameter.AllowedValues.some((allowed) => String(allowed) === String(value))
  ) {
    throw new Error(`${input.path}: the parameter ${name} must not be ${JSON.stringify(value)}`);
  }
  if (Array.isArray(value)) return value;
  return /^(CommaDelimitedList|List<)/.test(parameter.Type) ? String(value).split(',') : String(value);
}

function dependencyOrder(stack: Stack): readonly string[] {
  const { Resources: resources } = stack.template;
  const done = new Set<string>();
  const visit = (logicalId: string, waiting: readonly string[]): void => {
    const resource = resources[logicalId];
    if (resource === undefined) {
      throw new Error(`${stack.path}: ${waiting.at(-1)} depends on ${logicalId}, which is not there`);
    }
    if (done.has(logicalId) || (resource.Condition !== undefined && !stack.condition(resource.Condition)))
      return;
    if (waiting.includes(logicalId)) throw new Error(`${stack.path}: circular DependsOn at ${logicalId}`);
    for (const dependency of [resource.DependsOn ?? []].flat()) visit(dependency, [...waiting, logicalId]);
    done.add(logicalId);
  };
  for (const logicalId of Object.keys(resources)) visit(logicalId, []);
  return [...done];
}

/** Computes each value once, and reports a value that needs itself. */
function once<Value>(compute: (name: string) => Value, path: string): (name: string) => Value {
  const values = new Map<string, Value>();
  const busy = new Set<string>();
  return (name) => {
    if (values.has(name)) return values.get(name) as Value;
    if (busy.has(name)) throw new Error(`${path}: ${name} refers to itself`);
    busy.add(name);
    try {
      const value = compute(name);
      values.set(name, value);
      return value;
    } finally {
      busy.delete(name);
    }
  };
}
