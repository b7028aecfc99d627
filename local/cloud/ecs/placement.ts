import { AwsError } from '../service.ts';
import { type CapacityProvider, isCapacityProvider } from './capacity.ts';
import type { RunTaskInput } from './run-task-input.ts';

type Strategy = NonNullable<RunTaskInput['capacityProviderStrategy']>;

/** Where each of a request's tasks goes; `undefined` stands for the launch type FARGATE. */
export type Placement = readonly (CapacityProvider | undefined)[];

/**
 * The capacity provider of each task: first the base, then by weight, as ECS spreads them.
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CapacityProviderStrategyItem.html
 */
export function placementOf(
  input: Pick<RunTaskInput, 'count' | 'launchType' | 'capacityProviderStrategy'>,
  cluster: { readonly providers: readonly string[]; readonly defaultStrategy: Strategy },
): Placement {
  if (input.launchType === 'FARGATE') return Array.from({ length: input.count }, () => undefined);
  const strategy = input.capacityProviderStrategy ?? cluster.defaultStrategy;
  if (strategy.length === 0) {
    throw new AwsError('InvalidParameterException', 'No Container Instances were found in your cluster.');
  }
  const items = strategy.map(({ capacityProvider, weight = 0, base = 0 }) => {
    if (!isCapacityProvider(capacityProvider) || !cluster.providers.includes(capacityProvider)) {
      throw new AwsError(
        'InvalidParameterException',
        `The specified capacity provider '${capacityProvider}' is not associated with the cluster.`,
      );
    }
    return { capacityProvider, weight, base, placed: 0 };
  });
  if (items.filter(({ base }) => base > 0).length > 1) {
    throw new AwsError(
      'InvalidParameterException',
      'Only one capacity provider in a strategy can have a base.',
    );
  }
  if (items.length > 1 && items.every(({ weight }) => weight === 0)) {
    throw new AwsError(
      'InvalidParameterException',
      'At least one capacity provider must have a weight above zero.',
    );
  }
  return Array.from({ length: input.count }, () => {
    const based = items.find(({ base, placed }) => placed < base);
    // Of two that are equally far behind, the heavier is served first.
    const weighted = items
      .filter(({ weight }) => weight > 0 || items.length === 1)
      .sort((a, b) => b.weight - a.weight);
    const share = (item: (typeof items)[number]) =>
      Math.max(0, item.placed - item.base + 1) / (item.weight || 1);
    const chosen = based ?? weighted.reduce((best, each) => (share(each) < share(best) ? each : best));
    chosen.placed += 1;
    return chosen.capacityProvider;
  });
}
