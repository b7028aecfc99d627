/** A rule that no user meets: the field is left to IAM, granted one by one in backend.ts. */
export const iamOnly = 'iam-only-no-such-group';
