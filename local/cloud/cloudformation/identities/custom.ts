import type { Identify } from '../identity.ts';

const identifier: Identify = (subject) => ({ ref: `${subject.logicalId}-${subject.digits(12)}` });

/** Custom resources whose handlers are known; the handlers themselves are never run. */
export const customIdentities: Readonly<Record<string, Identify>> = {
  'Custom::S3AutoDeleteObjects': identifier,
  'Custom::CDKBucketDeployment': (subject) => ({
    ref: `${subject.logicalId}-${subject.digits(12)}`,
    attributes: {
      DestinationBucketArn: subject.property('DestinationBucketArn') ?? null,
      SourceObjectKeys: subject.property('SourceObjectKeys') ?? [],
    },
  }),
  'Custom::AmplifyBranchLinkerResource': identifier,
  'Custom::LogRetention': (subject) => ({
    ref: subject.text('LogGroupName') ?? '',
    attributes: { LogGroupName: subject.text('LogGroupName') ?? '' },
  }),
  'Custom::VpcRestrictDefaultSG': identifier,
  // @cdklabs/deploy-time-build: the tag is the given one or the hash of the source (the handler's own rule).
  'Custom::CDKContainerImageBuild': (subject) => {
    const source = /[0-9a-f]{64}/.exec(subject.text('sourceS3Url') ?? '')?.[0] ?? subject.digits(64);
    const tag = subject.text('imageTag') ?? `${subject.text('tagPrefix') ?? ''}${source}`;
    return { ref: tag, attributes: { ImageTag: tag } };
  },
};
