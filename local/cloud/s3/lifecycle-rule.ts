/** When objects and unfinished uploads of a bucket go. */
export interface LifecycleRule {
  readonly prefix: string;
  /** All of them are asked for. */
  readonly tags: readonly (readonly [string, string])[];
  readonly minSize: number;
  readonly maxSize: number;
  readonly expirationDays: number | undefined;
  /** Milliseconds since 1970. */
  readonly expirationDate: number | undefined;
  readonly abortUploadDays: number | undefined;
}

const dayMs = 86_400_000;
/** The second line changes nothing where there is one storage class and no versions. */
const known = new Set(
  `Id Status Prefix ExpirationInDays ExpirationDate AbortIncompleteMultipartUpload ObjectSizeGreaterThan ObjectSizeLessThan
   TagFilters Transition Transitions ExpiredObjectDeleteMarker NoncurrentVersionExpiration NoncurrentVersionExpirationInDays
   NoncurrentVersionTransition NoncurrentVersionTransitions`.split(/\s+/),
);

// biome-ignore lint/suspicious/noExplicitAny: template properties are JSON whose shape the type names
type Template = Record<string, any>;

/** Reads the enabled rules. Throws where one asks for what the local cloud does not have. */
export function lifecycleRulesOf(rules: readonly Template[], bucket: string): readonly LifecycleRule[] {
  for (const name of rules.flatMap(Object.keys)) {
    if (!known.has(name))
      throw new Error(`bucket ${bucket}: the local cloud's S3 knows no lifecycle ${name}`);
  }
  const active = rules.filter(({ Status }) => Status === 'Enabled');
  return active.map((rule) => ({
    prefix: rule.Prefix ?? '',
    tags: (rule.TagFilters ?? []).map(({ Key, Value }: Template) => [Key, Value] as const),
    minSize: rule.ObjectSizeGreaterThan === undefined ? 0 : Number(rule.ObjectSizeGreaterThan) + 1,
    maxSize:
      rule.ObjectSizeLessThan === undefined ? Number.POSITIVE_INFINITY : Number(rule.ObjectSizeLessThan) - 1,
    expirationDays: rule.ExpirationInDays === undefined ? undefined : Number(rule.ExpirationInDays),
    expirationDate: rule.ExpirationDate === undefined ? undefined : Date.parse(rule.ExpirationDate),
    abortUploadDays: rule.AbortIncompleteMultipartUpload?.DaysAfterInitiation,
  }));
}

/** Days count from the next midnight (UTC) after `start`: https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-configuration-examples.html */
function daysOver(start: number, days: number, now: number): boolean {
  return now >= Math.ceil((start + days * dayMs) / dayMs) * dayMs;
}

/** Whether a rule says that this object goes now. Times in milliseconds since 1970. */
export function expires(
  rule: LifecycleRule,
  object: {
    readonly key: string;
    readonly size: number;
    readonly modifiedAt: number;
    readonly info: { readonly tags?: Readonly<Record<string, string>> };
  },
  now: number,
): boolean {
  if (!object.key.startsWith(rule.prefix) || object.size < rule.minSize || object.size > rule.maxSize)
    return false;
  if (rule.tags.some(([key, value]) => object.info.tags?.[key] !== value)) return false;
  if (rule.expirationDate !== undefined && now >= rule.expirationDate) return true;
  return rule.expirationDays !== undefined && daysOver(object.modifiedAt, rule.expirationDays, now);
}

/** Whether a rule says that this unfinished upload goes now. */
export function aborts(
  rule: LifecycleRule,
  upload: { readonly key: string; readonly startedAt: number },
  now: number,
): boolean {
  return (
    rule.abortUploadDays !== undefined &&
    rule.tags.length === 0 &&
    upload.key.startsWith(rule.prefix) &&
    daysOver(upload.startedAt, rule.abortUploadDays, now)
  );
}
