import { randomUUID } from 'node:crypto';
import { xml } from '../s3/xml.ts';
import {
  AwsError,
  type AwsService,
  type CloudContext,
  type HttpReply,
  type HttpRequest,
} from '../service.ts';

const version = '2011-06-15';

/** STS, as far as it tells a caller who they are. Roles are assumed inside the cloud, by the services that may. */
export function createSts({ iam }: CloudContext): AwsService {
  return {
    name: 'sts',
    accepts: (request) => isQuery(request) && fieldsOf(request).get('Version') === version,
    async handle(request): Promise<HttpReply> {
      try {
        const operation = fieldsOf(request).get('Action');
        if (operation !== 'GetCallerIdentity') {
          throw new AwsError('InvalidAction', `The local cloud's STS has no ${operation}.`);
        }
        // No policy is asked: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
        const { userArn, userId, accountId } = await iam.authenticate(request, 'sts');
        return reply(200, 'GetCallerIdentityResponse', {
          GetCallerIdentityResult: { Arn: userArn, UserId: userId, Account: accountId },
          ResponseMetadata: { RequestId: randomUUID() },
        });
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        const fault = { Type: 'Sender', Code: queryCodes[error.code] ?? error.code, Message: error.message };
        return reply(error.status, 'ErrorResponse', { Error: fault, RequestId: randomUUID() });
      }
    },
    async close() {},
  };
}

/** What the query protocol calls a token that was not made here. */
const queryCodes: Readonly<Record<string, string>> = { UnrecognizedClientException: 'InvalidClientTokenId' };

const isQuery = ({ method, url, headers }: HttpRequest) =>
  method === 'POST' &&
  url.pathname === '/' &&
  String(headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded');

const fieldsOf = ({ body }: HttpRequest) => new URLSearchParams(body.toString());

function reply(status: number, root: string, content: Readonly<Record<string, unknown>>): HttpReply {
  const body = xml(root, content).replace(
    `<${root}>`,
    `<${root} xmlns="https://sts.amazonaws.com/doc/${version}/">`,
  );
  return { status, headers: { 'content-type': 'text/xml' }, body };
}
