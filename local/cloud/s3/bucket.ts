import type { Assembly, Resource } from '../service.ts';
import type { CorsRule } from './cors.ts';
import { type LifecycleRule, lifecycleRulesOf } from './lifecycle-rule.ts';

/** A bucket as its template configures it. */
export interface Bucket {
  readonly name: string;
  readonly arn: string;
  readonly cors: readonly CorsRule[];
  readonly lifecycle: readonly LifecycleRule[];
}

/**
 * Properties with an effect here, and those without one on a machine that one person uses: what is stored is not
 * encrypted by S3 here, and nothing is public whatever a bucket says.
 */
const known = new Set([
  'AccelerateConfiguration',
  'AccessControl',
  'AnalyticsConfigurations',
  'BucketEncryption',
  'BucketName',
  'CorsConfiguration',
  'IntelligentTieringConfigurations',
  'InventoryConfigurations',
  'LifecycleConfiguration',
  'LoggingConfiguration',
  'MetricsConfigurations',
  'OwnershipControls',
  'PublicAccessBlockConfiguration',
  'Tags',
  'VersioningConfiguration',
]);

/** Reads every bucket of an assembly. Throws where one asks for what the local cloud does not have. */
export function readBuckets(assembly: Assembly): ReadonlyMap<string, Bucket> {
  refusePublicPolicies(assembly);
  return new Map(
    assembly.byType('AWS::S3::Bucket').map((resource) => {
      const { properties, physicalId: name } = resource;
      refuseUnknown(resource);
      const bucket: Bucket = {
        name,
        arn: `arn:aws:s3:::${name}`,
        cors: properties.CorsConfiguration?.CorsRules ?? [],
        lifecycle: lifecycleRulesOf(properties.LifecycleConfiguration?.Rules ?? [], name),
      };
      return [name, bucket] as const;
    }),
  );
}

function refuseUnknown({ properties, logicalId }: Resource): void {
  const refuse = (what: string) => {
    throw new Error(`bucket ${logicalId}: the local cloud's S3 has no ${what}`);
  };
  for (const name of Object.keys(properties)) if (!known.has(name)) refuse(name);
  if (properties.VersioningConfiguration?.Status === 'Enabled') refuse('versioning');
}

/** Whom a policy lets in without a signature would get in on AWS and not here. */
function refusePublicPolicies(assembly: Assembly): void {
  for (const { properties, logicalId } of assembly.byType('AWS::S3::BucketPolicy')) {
    for (const { Effect, Principal } of [properties.PolicyDocument.Statement].flat()) {
      const everyone = Principal === '*' || [Principal?.AWS].flat().includes('*');
      if (Effect === 'Allow' && everyone) {
        throw new Error(`bucket policy ${logicalId}: the local cloud's S3 has no public access`);
      }
    }
  }
}
