import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import { SSMClient } from '@aws-sdk/client-ssm';
import { STSClient } from '@aws-sdk/client-sts';

/** AWS as the operator's own credentials reach it: environment, profile or sign-in, like every AWS tool. */
export interface Clients {
  readonly cognito: CognitoIdentityProviderClient;
  readonly dynamodb: DynamoDBClient;
  readonly quotas: ServiceQuotasClient;
  readonly s3: S3Client;
  readonly ssm: SSMClient;
  readonly sts: STSClient;
}

interface Place {
  readonly endpoint: string;
  readonly credentials: { accessKeyId: string; secretAccessKey: string; sessionToken: string };
}

/** Without a region, that of the environment or the profile; without a place, AWS itself, or AWS_ENDPOINT_URL. */
export function awsClients(region: string | undefined, place?: Place): Clients {
  const options = { ...(region === undefined ? {} : { region }), ...place };
  // Buckets have no host names of their own at an address that is not AWS's.
  const forcePathStyle = place !== undefined || process.env.AWS_ENDPOINT_URL !== undefined;
  return {
    cognito: new CognitoIdentityProviderClient(options),
    dynamodb: new DynamoDBClient(options),
    quotas: new ServiceQuotasClient(options),
    s3: new S3Client({ ...options, forcePathStyle }),
    ssm: new SSMClient(options),
    sts: new STSClient(options),
  };
}
