import type { Assembly } from '../service.ts';
import { AwsError } from '../service.ts';
import type { Body } from './model.ts';

/** Which tables are protected from deletion: as their template says, until UpdateTable says otherwise. */
export interface DeletionProtection {
  has(table: string): boolean;
  /** UpdateTable, as far as it is about this. Throws for a request that changes anything else. */
  update(table: string, body: Body): void;
}

export function deletionProtection(assembly: Assembly): DeletionProtection {
  const templates = [
    ...assembly.byType('AWS::DynamoDB::Table'),
    ...assembly.byType('Custom::AmplifyDynamoDBTable'),
  ];
  const protectedTables = new Set(
    templates
      .filter(({ properties }) => {
        const { DeletionProtectionEnabled, deletionProtectionEnabled } = properties;
        return String(DeletionProtectionEnabled ?? deletionProtectionEnabled) === 'true';
      })
      .map(({ physicalId }) => physicalId),
  );
  return {
    has: (table) => protectedTables.has(table),
    update(table, { TableName: _, DeletionProtectionEnabled, ...others }) {
      const [unserved] = Object.keys(others);
      if (unserved) {
        throw new AwsError(
          'UnknownOperationException',
          `The local cloud's DynamoDB has no UpdateTable with ${unserved}.`,
        );
      }
      if (typeof DeletionProtectionEnabled !== 'boolean') {
        throw new AwsError('ValidationException', 'At least one of … DeletionProtectionEnabled is required');
      }
      if (DeletionProtectionEnabled) protectedTables.add(table);
      else protectedTables.delete(table);
    },
  };
}
