import {
  DeleteParameterCommand,
  GetParameterCommand,
  ParameterNotFound,
  PutParameterCommand,
  SSMClient,
} from '@aws-sdk/client-ssm';
import type { ParameterStore, SecretStore } from '../core/ports.ts';

/** Parameters below a prefix such as `/serverless-openclaw/app-main`. */
export const ssmParameters = (prefix: string, client = new SSMClient({})): ParameterStore => ({
  get: async (name) => {
    try {
      const command = new GetParameterCommand({ Name: `${prefix}${name}`, WithDecryption: true });
      return (await client.send(command)).Parameter?.Value ?? null;
    } catch (error) {
      if (error instanceof ParameterNotFound) return null;
      throw error;
    }
  },
});

/** The same, for what the app itself stores: encrypted with AWS's own key, which costs nothing. */
export const ssmSecrets = (prefix: string, client = new SSMClient({})): SecretStore => ({
  ...ssmParameters(prefix, client),
  put: async (name, value) => {
    const parameter = {
      Name: `${prefix}${name}`,
      Value: value,
      Type: 'SecureString',
      Overwrite: true,
    } as const;
    await client.send(new PutParameterCommand(parameter));
  },
  remove: async (name) => {
    try {
      await client.send(new DeleteParameterCommand({ Name: `${prefix}${name}` }));
    } catch (error) {
      if (!(error instanceof ParameterNotFound)) throw error;
    }
  },
});
