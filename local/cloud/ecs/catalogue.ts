import { type Assembly, AwsError, type Resource } from '../service.ts';
import type { RunTaskInput } from './run-task-input.ts';

export interface Cluster {
  readonly arn: string;
  readonly providers: readonly string[];
  readonly defaultStrategy: NonNullable<RunTaskInput['capacityProviderStrategy']>;
}

/** Clusters and task definitions of the assembly, found by what callers may name them. */
export interface Catalogue {
  cluster(name: string): Cluster;
  /** Throws when a subnet or security group is not one of the assembly. */
  checkNetwork(network: {
    readonly subnets: readonly string[];
    readonly securityGroups?: readonly string[] | undefined;
  }): void;
  taskDefinition(name: string): Resource & { readonly arn: string };
}

const lastPart = (arn: string) => arn.slice(arn.lastIndexOf('/') + 1);

export function catalogueOf(assembly: Assembly): Catalogue {
  const clusters = assembly.byType('AWS::ECS::Cluster');
  const associations = assembly.byType('AWS::ECS::ClusterCapacityProviderAssociations');
  const definitions = assembly.byType('AWS::ECS::TaskDefinition');
  return {
    cluster(name) {
      const found = clusters.find((cluster) => cluster.arn === name || cluster.physicalId === name);
      if (!found?.arn) throw new AwsError('ClusterNotFoundException', 'Cluster not found.');
      const associated = associations.filter((each) =>
        [found.physicalId, found.arn].includes(each.properties.Cluster),
      );
      const providers = [
        ...(found.properties.CapacityProviders ?? []),
        ...associated.flatMap((each) => each.properties.CapacityProviders ?? []),
      ];
      const strategies: readonly { CapacityProvider: string; Weight?: number; Base?: number }[] = [
        ...(found.properties.DefaultCapacityProviderStrategy ?? []),
        ...associated.flatMap((each) => each.properties.DefaultCapacityProviderStrategy ?? []),
      ];
      const defaultStrategy = strategies.map(({ CapacityProvider, Weight, Base }) => ({
        capacityProvider: CapacityProvider,
        weight: Weight,
        base: Base,
      }));
      return { arn: found.arn, providers, defaultStrategy };
    },
    checkNetwork({ subnets, securityGroups = [] }) {
      const check = (type: string, what: string, ids: readonly string[]) => {
        const known = assembly.byType(type).map((each) => each.physicalId);
        const unknown = ids.find((id) => !known.includes(id));
        if (unknown === undefined) return;
        throw new AwsError(
          'InvalidParameterException',
          `Error retrieving ${what} information for [${unknown}]: it does not exist`,
        );
      };
      check('AWS::EC2::Subnet', 'subnet', subnets);
      check('AWS::EC2::SecurityGroup', 'security group', securityGroups);
    },
    taskDefinition(name) {
      const found = definitions.find((definition) => {
        const full = definition.arn ?? definition.physicalId;
        const revision = lastPart(full);
        return [full, revision, revision.replace(/:\d+$/, '')].includes(name);
      });
      if (!found) throw new AwsError('ClientException', 'Unable to find task definition.');
      return { ...found, arn: found.arn ?? found.physicalId };
    },
  };
}
