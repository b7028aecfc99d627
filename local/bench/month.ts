import { lineUsd, monthlyCost, totalUsd } from '../../amplify/core/monthly-cost.ts';
import { awsPricesOf, spotDiscounts } from '../../amplify/core/price.ts';
import { questionOf } from '../operator/cost/options.ts';

/** A month of 2 h a day in four sessions in us-east-1, in dollars, as `npm run cost` has it. */
export interface Month {
  readonly capacity: string;
  /** Fargate and the task's address. */
  readonly compute: number;
  /** All other lines, at full price and within the free tier. */
  readonly rest: number;
  readonly restWithinFreeTier: number;
}

const ofTasks = /^(Fargate|Public IPv4)/;

/** For each discount of Spot that is reckoned with, and On-Demand. Of the size that a deployment has unless it says otherwise. */
export function months(): Month[] {
  const question = questionOf(['--region', 'us-east-1'], {});
  if (!question) throw new Error('no question');
  const { prices } = awsPricesOf(question.region);
  return [...spotDiscounts, 0].map((discount) => {
    const month = monthlyCost(prices, question.size, question.use, discount);
    const own = month.lines.filter(({ name }) => ofTasks.test(name));
    const compute = own.reduce((sum, line) => sum + lineUsd(line, false), 0);
    const free = own.reduce((sum, line) => sum + lineUsd(line, true), 0);
    return {
      capacity: discount ? `Spot, ${discount * 100} % off` : 'On-Demand',
      compute,
      rest: totalUsd(month, false) - compute,
      restWithinFreeTier: totalUsd(month, true) - free,
    };
  });
}
