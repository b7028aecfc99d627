import { Fault } from '../app/bootstrap/fault.mjs';

/** What SDK errors mean for the person at the keyboard. The first that fits counts. */
const causes: readonly { sign: RegExp; message: string; resolution: string }[] = [
  {
    sign: /CredentialsProviderError|Could not load credentials/,
    message: 'There are no AWS credentials.',
    resolution: 'Sign in first: `aws login` or `aws sso login`, or set AWS_PROFILE. Then run this again.',
  },
  {
    sign: /ExpiredToken|TokenRefreshRequired|token .*expired/i,
    message: 'The AWS credentials have expired.',
    resolution: 'Sign in again: `aws login` or `aws sso login`.',
  },
  {
    sign: /InvalidClientTokenId|UnrecognizedClient|InvalidSignature|SignatureDoesNotMatch/,
    message: 'AWS does not know these credentials.',
    resolution:
      'Are they of the right account and complete? `aws sts get-caller-identity` shows who you are.',
  },
  {
    sign: /Region is missing/,
    message: 'No AWS region is chosen.',
    resolution: 'Name one: `-- --region ap-northeast-2`, or set AWS_REGION.',
  },
  {
    sign: /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|TimeoutError/,
    message: 'AWS could not be reached.',
    resolution: 'Check the connection and that the region exists.',
  },
];

/** An error of an AWS call as a Fault. `doing`: what was being done, for a person. */
export function awsFault(doing: string, error: unknown): Fault {
  if (error instanceof Fault) return error;
  const { name, message } = error instanceof Error ? error : { name: 'Error', message: String(error) };
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const text = `${name} ${code} ${message}`;
  const cause = causes.find(({ sign }) => sign.test(text));
  if (cause) return new Fault(`${doing}: ${cause.message}`, cause.resolution);
  const action = /not authorized to perform: (\S+)/.exec(message)?.[1];
  if (action) {
    return new Fault(`${doing}: you may not call ${action}.`, `Ask whoever runs the account for ${action}.`);
  }
  return new Fault(`${doing}: ${name}: ${message}`, 'If it is not clear what to do, look at docs/deploy.md.');
}

/** Whether an error says that somebody may not do something. */
export const isDenied = (error: unknown): boolean =>
  error instanceof Error && /AccessDenied|NotAuthorized|UnauthorizedOperation/.test(error.name);
