import { GetParameterCommand, ParameterNotFound, SSMClient } from '@aws-sdk/client-ssm';
import type { ParameterStore } from '../core/ports.ts';

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
