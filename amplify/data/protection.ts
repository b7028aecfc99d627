import type { data } from './resource.ts';

type Tables = ReturnType<typeof data.getInstance>['resources']['cfnResources']['amplifyDynamoDbTables'];

/** On a branch: tables can't be deleted by mistake and can be brought back to any second of the last 35 days. */
export function protectTables(tables: Tables, isBranch: boolean): void {
  for (const table of Object.values(tables)) {
    table.deletionProtectionEnabled = isBranch;
    table.pointInTimeRecoveryEnabled = isBranch;
  }
  for (const name of ['TaskSession', 'Allowance', 'ChannelRow', 'Conversation', 'Delivery']) {
    const table = tables[name];
    if (!table) throw new Error(`There is no table of ${name}`);
    table.timeToLiveAttribute = { attributeName: 'expiresAt', enabled: true };
  }
}
