import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { AwsError, type CloudContext, type Principal } from '../service.ts';

const input = z.strictObject({
  Entries: z
    .array(
      z.strictObject({
        Source: z.string().min(1).max(256),
        DetailType: z.string().min(1).max(128),
        Detail: z.string(),
        EventBusName: z.string().optional(),
        Resources: z.array(z.string()).default([]),
        Time: z.number().optional(),
        TraceHeader: z.string().optional(),
      }),
    )
    .min(1)
    .max(10),
});

/**
 * PutEvents on the default bus. An entry that is wrong fails by itself; the others are taken.
 * https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html
 */
export function putEvents(body: unknown, principal: Principal, context: CloudContext): unknown {
  const parsed = input.safeParse(body);
  if (!parsed.success)
    throw new AwsError('ValidationException', parsed.error.issues.map((each) => each.message).join('; '));
  const bus = `arn:aws:events:${context.region}:${context.accountId}:event-bus/default`;
  for (const { Source, DetailType, EventBusName } of parsed.data.Entries) {
    if (EventBusName !== undefined && EventBusName !== 'default' && EventBusName !== bus) {
      throw new AwsError('ResourceNotFoundException', `Event bus ${EventBusName} does not exist.`);
    }
    const keys = {
      'events:source': Source,
      'events:detail-type': DetailType,
      'events:eventBusInvocation': 'false',
    };
    context.iam.authorize(principal, 'events:PutEvents', bus, keys);
  }
  const Entries = parsed.data.Entries.map(({ Source, DetailType, Detail, Resources }) => {
    if (Source.startsWith('aws.')) return fault('NotAuthorizedForSource', 'Not authorized for the source.');
    const detail = parseObject(Detail);
    if (detail === undefined) return fault('MalformedDetail', 'Detail is malformed.');
    context.emit({ source: Source, detailType: DetailType, resources: Resources, detail });
    return { EventId: randomUUID() };
  });
  return { FailedEntryCount: Entries.filter((each) => 'ErrorCode' in each).length, Entries };
}

const fault = (code: string, message: string) => ({ ErrorCode: code, ErrorMessage: message });

function parseObject(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
