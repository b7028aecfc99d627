import { CfnBudget } from 'aws-cdk-lib/aws-budgets';
import type { Construct } from 'constructs';

/** Parts of the budget at which AWS writes, percent. */
const thresholds = [
  { percent: 50, type: 'ACTUAL' },
  { percent: 80, type: 'ACTUAL' },
  { percent: 100, type: 'ACTUAL' },
  { percent: 100, type: 'FORECASTED' },
] as const;

/**
 * Mails when the account's bill of a month nears `dollars`. It covers the whole account: a filter would need cost
 * allocation tags, which somebody must switch on by hand. It warns, hours late; it stops nothing.
 */
export function budget(scope: Construct, { dollars, email }: { dollars: number; email: string }): void {
  new CfnBudget(scope, 'Budget', {
    budget: {
      budgetType: 'COST',
      timeUnit: 'MONTHLY',
      budgetLimit: { amount: dollars, unit: 'USD' },
    },
    notificationsWithSubscribers: thresholds.map(({ percent, type }) => ({
      notification: {
        notificationType: type,
        comparisonOperator: 'GREATER_THAN',
        threshold: percent,
        thresholdType: 'PERCENTAGE',
      },
      subscribers: [{ subscriptionType: 'EMAIL', address: email }],
    })),
  });
}
