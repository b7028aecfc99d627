import * as ecs from 'aws-cdk-lib/aws-ecs';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Configuration } from '../configuration.ts';
import { AgentImage } from './image.ts';
import { Network } from './network.ts';
import { AgentTask } from './task.ts';

/** Everything that a wake needs: a network, a cluster of Spot and On-Demand capacity, a task definition. Idle, it costs nothing. */
export class Agent extends Construct {
  readonly network: Network;
  readonly cluster: ecs.Cluster;
  readonly task: AgentTask;

  constructor(scope: Construct, id: string, configuration: Configuration) {
    super(scope, id);
    this.network = new Network(this, 'Network', { egressPorts: configuration.egressPorts });
    this.cluster = new ecs.Cluster(this, 'Cluster', {
      vpc: this.network.vpc,
      enableFargateCapacityProviders: true,
      // Each metric of it is charged.
      containerInsightsV2: ecs.ContainerInsights.DISABLED,
    });
    const logRetention = configuration.logDays as RetentionDays;
    this.task = new AgentTask(this, 'Task', {
      image: new AgentImage(this, 'Image', { logRetention }).image,
      ...configuration.taskSizes.usual,
      logRetention,
    });
  }
}
