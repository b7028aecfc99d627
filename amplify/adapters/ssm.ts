import * as z from 'zod';
import type { ParameterStore, SecretStore } from '../core/ports.ts';
import type { AwsOptions } from './aws/client.ts';
import { isAwsFault } from './aws/fault.ts';
import { type CallOperation, jsonClient } from './aws/json-client.ts';

const ssm = { name: 'ssm', target: 'AmazonSSM', version: '1.1' } as const;
const found = z.object({ Parameter: z.object({ Value: z.string() }) });

const get =
  (call: CallOperation, prefix: string): ParameterStore['get'] =>
  async (name) => {
    try {
      const answer = await call('GetParameter', { Name: `${prefix}${name}`, WithDecryption: true });
      return found.parse(answer).Parameter.Value;
    } catch (error) {
      if (isAwsFault(error, 'ParameterNotFound')) return null;
      throw error;
    }
  };

/** Parameters below a prefix such as `/serverless-openclaw/app-main`. */
export const ssmParameters = (prefix: string, options?: AwsOptions): ParameterStore => ({
  get: get(jsonClient(ssm, options), prefix),
});

/** The same, for what the app itself stores: encrypted with AWS's own key, which costs nothing. */
export function ssmSecrets(prefix: string, options?: AwsOptions): SecretStore {
  const call = jsonClient(ssm, options);
  return {
    get: get(call, prefix),
    put: async (name, value) =>
      void (await call('PutParameter', {
        Name: `${prefix}${name}`,
        Value: value,
        Type: 'SecureString',
        Overwrite: true,
      })),
    remove: async (name) => {
      try {
        await call('DeleteParameter', { Name: `${prefix}${name}` });
      } catch (error) {
        if (!isAwsFault(error, 'ParameterNotFound')) throw error;
      }
    },
  };
}
