import { z } from 'zod';
import { AwsError } from '../service.ts';

const keyValue = z.object({ name: z.string(), value: z.string() });

/** CPU units, or MiB of memory. */
const units = z.string().regex(/^\d{1,6}$/, 'is no whole number');

const schema = z.strictObject({
  cluster: z.string().default('default'),
  taskDefinition: z.string(),
  count: z.number().int().min(1).max(10).default(1),
  launchType: z.literal('FARGATE').optional(),
  capacityProviderStrategy: z
    .array(
      z.strictObject({
        capacityProvider: z.string(),
        weight: z.number().int().min(0).max(1000).optional(),
        base: z.number().int().min(0).optional(),
      }),
    )
    .min(1)
    .optional(),
  platformVersion: z.string().default('LATEST'),
  networkConfiguration: z.strictObject({
    awsvpcConfiguration: z.strictObject({
      subnets: z.array(z.string().min(1)).min(1).max(16),
      securityGroups: z.array(z.string().min(1)).max(5).optional(),
      assignPublicIp: z.enum(['ENABLED', 'DISABLED']).default('DISABLED'),
    }),
  }),
  overrides: z
    .strictObject({
      cpu: units.optional(),
      memory: units.optional(),
      containerOverrides: z
        .array(
          z.strictObject({
            name: z.string(),
            command: z.array(z.string()).optional(),
            environment: z.array(keyValue).optional(),
          }),
        )
        .default([]),
    })
    .default({ containerOverrides: [] }),
  group: z.string().max(300).optional(),
  startedBy: z.string().max(128).optional(),
  clientToken: z
    .string()
    .max(64)
    .regex(/^[\x21-\x7e]+$/)
    .optional(),
  enableECSManagedTags: z.boolean().default(false),
  enableExecuteCommand: z.literal(false).default(false),
  propagateTags: z.enum(['TASK_DEFINITION', 'NONE']).optional(),
  tags: z
    .array(z.strictObject({ key: z.string(), value: z.string() }))
    .max(50)
    .default([]),
});

export type RunTaskInput = z.infer<typeof schema>;

/** Parses RunTask's parameters. What the local cloud can't honour (ECS Exec, volumes, placement…) is refused by name. */
export function parseRunTask(body: unknown): RunTaskInput {
  const result = schema.safeParse(body);
  if (!result.success) {
    const faults = result.error.issues.map(
      (issue) => `${issue.path.join('.') || 'request'}: ${issue.message}`,
    );
    throw new AwsError('InvalidParameterException', faults.join('; '));
  }
  if (result.data.launchType && result.data.capacityProviderStrategy) {
    throw new AwsError(
      'InvalidParameterException',
      'Specifying both a launch type and a capacity provider strategy is not supported. Remove one and try again.',
    );
  }
  return result.data;
}
