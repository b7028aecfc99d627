import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as iam from 'aws-cdk-lib/aws-iam';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { bridgeCapabilities } from '../../container/capabilities.ts';

/** What Docker gives a container (moby, `oci/caps/defaults.go`). */
const givenByDocker = [
  'AUDIT_WRITE',
  'CHOWN',
  'DAC_OVERRIDE',
  'FOWNER',
  'FSETID',
  'KILL',
  'MKNOD',
  'NET_BIND_SERVICE',
  'NET_RAW',
  'SETFCAP',
  'SETGID',
  'SETPCAP',
  'SETUID',
  'SYS_CHROOT',
] as const satisfies (keyof typeof ecs.Capability)[];
const needed: ReadonlySet<string> = new Set(bridgeCapabilities);
const dropped = givenByDocker.filter((name) => !needed.has(name)).map((name) => ecs.Capability[name]);

/** The folders that a task may write to; the Dockerfile names them as volumes, which keeps their modes. */
const writable = { agent: '/agent', temporary: '/tmp' };

interface TaskProps {
  readonly image: ecs.ContainerImage;
  /** CPU units. */
  readonly cpu: number;
  /** MiB. */
  readonly memory: number;
  readonly logRetention: RetentionDays;
}

/**
 * One task serves one owner. It begins as root, because only root can start OpenClaw as another user; its role may
 * call the agent* fields of the API (task-fields.ts) and nothing else in AWS. What it needs to know beyond the API's
 * address, which RunTask tells it, it asks for.
 */
export class AgentTask extends Construct {
  readonly logs: LogGroup;
  readonly definition: ecs.FargateTaskDefinition;
  readonly role: iam.Role;
  readonly executionRole: iam.IRole;
  readonly containerName = 'agent';

  constructor(scope: Construct, id: string, props: TaskProps) {
    super(scope, id);
    // Only this account's ECS may hand the role to a task.
    const ecsTasks = new iam.ServicePrincipal('ecs-tasks.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
    });
    this.role = new iam.Role(this, 'Role', {
      assumedBy: ecsTasks,
      description: 'Agent task: agent* fields only',
    });
    this.definition = new ecs.FargateTaskDefinition(this, 'Definition', {
      cpu: props.cpu,
      memoryLimitMiB: props.memory,
      runtimePlatform: {
        cpuArchitecture: ecs.CpuArchitecture.ARM64,
        operatingSystemFamily: ecs.OperatingSystemFamily.LINUX,
      },
      taskRole: this.role,
      executionRole: new iam.Role(this, 'ExecutionRole', {
        assumedBy: ecsTasks,
        description: 'Pulls the agent image and opens its log stream',
      }),
      volumes: Object.keys(writable).map((name) => ({ name })),
    });
    this.executionRole = this.definition.obtainExecutionRole();
    this.logs = new LogGroup(this, 'Logs', {
      retention: props.logRetention,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const linuxParameters = new ecs.LinuxParameters(this, 'Linux', { initProcessEnabled: true });
    linuxParameters.dropCapabilities(...dropped);
    const container = this.definition.addContainer(this.containerName, {
      image: props.image,
      essential: true,
      readonlyRootFilesystem: true,
      linuxParameters,
      // Fargate's longest: a Spot notice leaves as much to save and leave.
      stopTimeout: Duration.seconds(120),
      logging: ecs.LogDrivers.awsLogs({ streamPrefix: 'agent', logGroup: this.logs }),
    });
    for (const [sourceVolume, containerPath] of Object.entries(writable)) {
      container.addMountPoints({ sourceVolume, containerPath, readOnly: false });
    }
  }
}
