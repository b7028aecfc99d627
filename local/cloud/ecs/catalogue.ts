import { type Assembly, AwsError, type Resource } from '../service.ts';

/** Clusters and task definitions of the assembly, found by what callers may name them. */
export interface Catalogue {
  cluster(name: string): { arn: string; providers: readonly string[] };
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
      return { arn: found.arn, providers };
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
