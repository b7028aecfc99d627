/**
 * What AWS gives every account each month and does not end. What it gives new accounts for a time (credits, or twelve
 * months of S3, ECR, AppSync, Hosting) is not here: it ends while the deployment goes on. Read with the prices
 * (price.ts); an account shares it among everything that runs in it.
 */
export const freeTier = {
  lambdaRequests: 1_000_000,
  lambdaGbSeconds: 400_000,
  tableGb: 25,
  logsGb: 5,
  alarms: 10,
  metrics: 10,
  dashboards: 3,
  buildMinutes: 100,
  transferGb: 100,
  schedules: 14_000_000,
  queueRequests: 1_000_000,
  mails: 1_000,
  decryptions: 20_000,
  activeUsers: 10_000,
} as const;
