import { readFileSync } from 'node:fs';
import { join, resolve as resolvePath } from 'node:path';
import type { Assembly, Resource } from '../service.ts';
import { type Assets, readAssets } from './assets.ts';
import { resolve } from './intrinsics.ts';
import { checkResourceTypes, isServed } from './resource-types.ts';
import { openStack, type Stack } from './stack.ts';
import type { Environment, Template } from './template.ts';

export interface AssemblyOptions extends Environment {
  /** Types that pass although the local cloud does not know them; they get no effect. */
  readonly ignoreTypes?: readonly string[];
  /** Values for parameters of the root stack. */
  readonly parameters?: Readonly<Record<string, string>>;
}

interface Manifest {
  readonly artifacts: Readonly<
    Record<
      string,
      {
        readonly type: string;
        readonly properties?: { readonly templateFile?: string; readonly stackName?: string };
      }
    >
  >;
}

/**
 * Reads a cloud assembly (cdk.out) with one root stack, its nested stacks and assets. Throws when it holds a
 * resource that the local cloud does not serve, or when a served resource has a value that cannot be resolved.
 */
export function readAssembly(directory: string, options: AssemblyOptions): Assembly {
  const base = resolvePath(directory);
  const read = (file: string) => JSON.parse(readFileSync(file, 'utf8')) as unknown;
  const manifest = read(join(base, 'manifest.json')) as Manifest;
  const roots = Object.entries(manifest.artifacts).filter(
    ([, artifact]) => artifact.type === 'aws:cloudformation:stack',
  );
  const [root] = roots;
  if (root === undefined || roots.length > 1) {
    throw new Error(`${base} holds ${roots.length} root stacks; the local cloud serves exactly one`);
  }
  const assets = readAssets(base);
  const stack = openStack({
    path: 'root',
    name: root[1].properties?.stackName ?? root[0],
    template: read(join(base, root[1].properties?.templateFile ?? '')) as Template,
    environment: options,
    parameter: (name) => options.parameters?.[name],
    load: (templateUrl) => read(assets.path(templateUrl)) as Template,
  });
  const resources = collect(stack, options.ignoreTypes ?? []);
  checkResourceTypes(resources, options.ignoreTypes);
  for (const resource of resources) if (isServed(resource.type)) void resource.properties;
  registerBuiltImages(resources, assets);
  return {
    directory: base,
    resources,
    outputs: lazyOutputs(stack),
    byType: (type) => resources.filter((resource) => resource.type === type),
    assetPath: (reference) => assets.path(reference),
  };
}

function collect(stack: Stack, ignored: readonly string[]): readonly Resource[] {
  return stack.order().flatMap((logicalId) => {
    const template = stack.template.Resources[logicalId];
    if (template === undefined) return [];
    if (template.Type === 'AWS::CloudFormation::Stack') return collect(stack.nested(logicalId), ignored);
    let properties: unknown;
    const resource: Resource = {
      stack: stack.path,
      logicalId,
      type: template.Type,
      get properties() {
        properties ??= resolve(template.Properties ?? {}, stack);
        return properties;
      },
      get physicalId() {
        return isServed(template.Type) || !ignored.includes(template.Type)
          ? stack.identity(logicalId).ref
          : logicalId;
      },
      get arn() {
        return ignored.includes(template.Type) ? undefined : stack.identity(logicalId).arn;
      },
      metadata: template.Metadata,
    };
    return [resource];
  });
}

/** An image that a deployment would build is its source folder here. */
function registerBuiltImages(resources: readonly Resource[], assets: Assets): void {
  for (const { properties, physicalId } of resources.filter(
    (r) => r.type === 'Custom::CDKContainerImageBuild',
  )) {
    assets.register(`${properties.repositoryUri}:${physicalId}`, properties.sourceS3Url);
  }
}

function lazyOutputs(stack: Stack): Readonly<Record<string, unknown>> {
  const outputs: Record<string, unknown> = {};
  for (const [name, { Condition }] of Object.entries(stack.template.Outputs ?? {})) {
    if (Condition !== undefined && !stack.condition(Condition)) continue;
    Object.defineProperty(outputs, name, { enumerable: true, get: () => stack.output(name) });
  }
  return outputs;
}
