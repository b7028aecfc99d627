import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ContainerImageBuild } from '@cdklabs/deploy-time-build';
import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { CfnProject } from 'aws-cdk-lib/aws-codebuild';
import { type CfnRepository, Repository, TagStatus } from 'aws-cdk-lib/aws-ecr';
import { Platform } from 'aws-cdk-lib/aws-ecr-assets';
import type { ContainerImage } from 'aws-cdk-lib/aws-ecs';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { stageContext } from '../../container/stage-context.ts';

const workDirectory = fileURLToPath(new URL('../../.amplify', import.meta.url));
/** What runs, and two before it: tags are random, so an older commit is built anew. */
const keptImages = 3;

/**
 * The agent's image, built on deployment by CodeBuild (Amplify Hosting's own builds have no Docker), for ARM64,
 * compressed with zstd: the pull is most of a cold start. The address of its sources holds their hash, so an unchanged
 * image is not built again.
 */
export class AgentImage extends Construct {
  readonly image: ContainerImage;

  constructor(scope: Construct, id: string, props: { logRetention: RetentionDays }) {
    super(scope, id);
    const repository = new Repository(this, 'Repository', {
      removalPolicy: RemovalPolicy.DESTROY,
      emptyOnDelete: true,
      imageScanOnPush: true,
      lifecycleRules: [{ description: 'Keep three', tagStatus: TagStatus.ANY, maxImageCount: keptImages }],
    });
    (repository.node.defaultChild as CfnRepository).encryptionConfiguration = { encryptionType: 'AES256' };
    const build = this.stage((directory) => {
      return new ContainerImageBuild(this, 'Build', {
        directory,
        platform: Platform.LINUX_ARM64,
        repository,
        zstdCompression: true,
      });
    });
    // The group that CodeBuild would make under this name by itself keeps everything for ever.
    const project = Stack.of(this)
      .node.findAll()
      .find((node) => node instanceof CfnProject);
    if (!project) throw new Error('ContainerImageBuild has made no CodeBuild project');
    const logs = new LogGroup(this, 'BuildLogs', {
      logGroupName: `/aws/codebuild/${project.ref}`,
      retention: props.logRetention,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    build.node.findChild('Resource').node.addDependency(logs);
    this.image = build.toEcsDockerImageCode();
  }

  /** The build context exists only until CDK has copied it into the assembly: syntheses may run side by side. */
  private stage<Result>(use: (directory: string) => Result): Result {
    mkdirSync(workDirectory, { recursive: true });
    const directory = mkdtempSync(join(workDirectory, 'image-context-'));
    try {
      stageContext(directory);
      return use(directory);
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  }
}
