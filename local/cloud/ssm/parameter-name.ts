import { AwsError } from '../service.ts';

/** How a request names a parameter: `/a/b`, `/a/b:3` for a version, or its ARN. */
export interface ParameterReference {
  readonly name: string;
  readonly version: number | undefined;
  /** `:3`, as replies repeat it. */
  readonly selector: string | undefined;
}

const arnForm = /^arn:aws[\w-]*:ssm:[\w-]+:\d{12}:parameter\/(.+)$/;

/** Throws ValidationException for what is no name, ParameterVersionNotFound for a label. */
export function referenceOf(text: string): ParameterReference {
  const inArn = arnForm.exec(text)?.[1];
  const plain = inArn === undefined ? text : /[^/]\/./.test(inArn) ? `/${inArn}` : inArn;
  const [, name = '', selector] = /^([^:]*)(?::([^:]*))?$/.exec(plain) ?? [];
  if (!/^[\w./-]{1,1011}$/.test(name)) {
    throw new AwsError(
      'ValidationException',
      'Invalid parameter name. Please use correct syntax for referencing a version/label <name>:<version/label>',
    );
  }
  if (selector === undefined) return { name, version: undefined, selector: undefined };
  if (!/^[1-9]\d{0,8}$/.test(selector)) {
    throw new AwsError(
      'ParameterVersionNotFound',
      `The local cloud's SSM has versions by number only; ${name} has no version ${selector}.`,
    );
  }
  return { name, version: Number(selector), selector: `:${selector}` };
}

/**
 * Checks the name of a parameter that is to be made. Throws ValidationException, AccessDeniedException for AWS's own
 * names: https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-parameter-name-constraints.html
 */
export function checkNewName(name: string): void {
  const invalid = (message: string) => new AwsError('ValidationException', message);
  if (!/^[\w./-]+$/.test(name)) {
    throw invalid(
      'Parameter name: can\'t be prefixed with "ssm" (case-insensitive). If formed as a path, it can consist of sub-paths divided by slash symbol; each sub-path can be formed as a mix of letters, numbers and the following 3 symbols .-_',
    );
  }
  const path = name.startsWith('/');
  if (!path && name.includes('/')) throw invalid('Parameter name must be a fully qualified name.');
  const levels = (path ? name.slice(1) : name).split('/');
  if (levels.includes('')) throw invalid('Parameter name must not have empty sub-paths.');
  if (levels.length > 15) {
    throw new AwsError(
      'HierarchyLevelLimitExceededException',
      'Parameter hierarchy must not exceed 15 levels.',
    );
  }
  if (name.length > 1011) throw invalid('Parameter name must not exceed 1011 characters.');
  const [first = ''] = levels;
  if (/^aws/i.test(first))
    throw new AwsError('AccessDeniedException', `No access to reserved parameter name: ${name}.`);
  if (/^ssm/i.test(first)) throw invalid('Parameter name: can\'t be prefixed with "ssm" (case-insensitive).');
}
