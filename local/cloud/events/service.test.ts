import { expect, test } from 'vitest';
import { accountId, allow, cloudUnderTest, region, resource, role, roleArn } from '../cloud-under-test.ts';
import type { InvokeResult, Resource } from '../service.ts';
import { createEvents } from './service.ts';

const functionArn = `arn:aws:lambda:${region}:${accountId}:function:f`;
const ruleArn = (name: string) => `arn:aws:events:${region}:${accountId}:rule/${name}`;
const rule = (name: string, properties: object, target: object = {}) =>
  resource(
    'AWS::Events::Rule',
    name,
    { Targets: [{ Id: 't', Arn: functionArn, ...target }], ...properties },
    { arn: ruleArn(name) },
  );
const permission = (SourceArn: string, more: object = {}) =>
  resource('AWS::Lambda::Permission', 'P', {
    Action: 'lambda:InvokeFunction',
    FunctionName: functionArn,
    Principal: 'events.amazonaws.com',
    SourceArn,
    ...more,
  });
const stopped = {
  source: 'aws.ecs',
  detailType: 'ECS Task State Change',
  resources: ['arn:task'],
  detail: { lastStatus: 'STOPPED', version: 4 },
};
const pattern = { EventPattern: { detail: { lastStatus: ['STOPPED'] } } };

/** EventBridge with a clock that the test moves. */
function start(resources: readonly Resource[], answer: () => InvokeResult = () => ({ payload: null })) {
  let time = Date.parse('2026-11-23T10:00:00Z');
  const timers: { run: () => void; at: number }[] = [];
  const calls: { at: string; event: unknown }[] = [];
  const cloud = cloudUnderTest(resources, { now: () => new Date(time) });
  const context = cloud.context('events', {
    invoke: async (arn, event) => {
      expect(arn).toBe(functionArn);
      calls.push({ at: new Date(time).toISOString(), event });
      return answer();
    },
    emit: (event) => events.emit(event),
  });
  const events = createEvents(context, {
    timer: (run, wait) => {
      const timer = { run, at: time + wait };
      timers.push(timer);
      return () => void timers.splice(0, timers.length, ...timers.filter((each) => each !== timer));
    },
  });
  cloud.services.push(events);
  /** Moves the clock, running what falls due on the way. */
  const advance = async (milliseconds: number) => {
    const end = time + milliseconds;
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve));
      const [next] = timers.filter((each) => each.at <= end).sort((a, b) => a.at - b.at);
      if (next === undefined) break;
      timers.splice(timers.indexOf(next), 1);
      time = Math.max(time, next.at);
      next.run();
    }
    time = end;
  };
  return { cloud, context, events, calls, advance };
}

test('a rule sends the events that match to its function, in the envelope of EventBridge', async () => {
  const { events, calls } = start([rule('r', pattern), permission(ruleArn('r'))]);
  events.emit(stopped);
  events.emit({ ...stopped, detail: { lastStatus: 'RUNNING' } });
  await events.settled();
  expect(calls).toHaveLength(1);
  expect(calls[0]?.event).toMatchObject({
    version: '0',
    source: 'aws.ecs',
    'detail-type': 'ECS Task State Change',
    account: accountId,
    region,
    time: '2026-11-23T10:00:00Z',
    resources: ['arn:task'],
    detail: { lastStatus: 'STOPPED' },
  });
});

test('a function gets nothing from a rule that its own policy does not name', async () => {
  for (const policy of [
    permission(ruleArn('other')),
    permission(ruleArn('r'), { Principal: 's3.amazonaws.com' }),
    permission(ruleArn('r'), { SourceAccount: '1' }),
  ]) {
    const { events, calls, cloud } = start([rule('r', pattern), policy]);
    events.emit(stopped);
    await events.settled();
    expect(calls).toEqual([]);
    expect(cloud.logged).toContainEqual(expect.objectContaining({ event: 'delivery.denied', rule: 'r' }));
  }
  const { events, calls } = start([rule('r', pattern), permission(`${ruleArn('')}*`)]);
  events.emit(stopped);
  await events.settled();
  expect(calls).toHaveLength(1);
});

test('an event that a function fails is delivered again, three times in all', async () => {
  let failures = 2;
  const answer = (): InvokeResult => {
    failures -= 1;
    return failures >= 0
      ? { payload: { errorMessage: 'no' }, functionError: 'Unhandled' }
      : { payload: null };
  };
  const { events, calls, advance } = start([rule('r', pattern), permission(ruleArn('r'))], answer);
  events.emit(stopped);
  await advance(10_000);
  expect(calls).toHaveLength(3);
  failures = 9;
  events.emit(stopped);
  await advance(10_000);
  expect(calls).toHaveLength(6);
});

test('a host may have events come late, several times and in another order', async () => {
  const { events, calls, advance } = start([rule('r', pattern), permission(ruleArn('r'))]);
  const numbered = (version: number) => ({ ...stopped, detail: { lastStatus: 'STOPPED', version } });
  const heard = () =>
    calls.map(({ at, event }) => [at.slice(17, 19), (event as typeof stopped).detail.version]);
  events.setDelivery(({ detail }) =>
    (detail as typeof stopped.detail).version === 1 ? [5_000, 9_000] : [2_000],
  );
  for (const version of [1, 2]) events.emit(numbered(version));
  events.setDelivery(undefined);
  events.emit(numbered(3));
  await advance(10_000);
  await events.settled();
  expect(heard()).toEqual([
    ['00', 3],
    ['02', 2],
    ['05', 1],
    ['09', 1],
  ]);
});

test('a late event is dropped when the cloud closes before it', async () => {
  const { events, calls } = start([rule('r', pattern), permission(ruleArn('r'))]);
  events.setDelivery(() => [60_000]);
  events.emit(stopped);
  await events.close();
  expect(calls).toEqual([]);
});

test.each<[string, object, unknown]>([
  ['a constant', { Input: '{"a":1}' }, { a: 1 }],
  ['a part', { InputPath: '$.detail' }, stopped.detail],
  ['an element', { InputPath: '$.resources[0]' }, 'arn:task'],
  [
    'a text made of parts',
    {
      InputTransformer: {
        InputPathsMap: { state: '$.detail.lastStatus', n: '$.detail.version', gone: '$.detail.absent' },
        InputTemplate:
          '{"state":<state>,"text":"It is <state>, \\"<n>\\" <gone>","n":<n>,"gone":<gone>,"rule":"<aws.events.rule-name>"}',
      },
    },
    { state: 'STOPPED', text: 'It is STOPPED, "4" ', n: 4, gone: null, rule: 'r' },
  ],
])('a target may get %s', async (_what, target, expected) => {
  const { events, calls } = start([rule('r', pattern, target), permission(ruleArn('r'))]);
  events.emit(stopped);
  await events.settled();
  expect(calls[0]?.event).toEqual(expected);
});

test('a rule that cannot work here is refused at start', () => {
  const refused = (resource: Resource) => (message: string) =>
    expect(() => start([resource])).toThrow(message);
  refused(rule('r', { EventPattern: { detail: { a: [{ cidr: '10.0.0.0/8' }] } } }))('cidr');
  refused(rule('r', pattern, { Arn: 'arn:aws:sqs:us-east-1:0:q' }))('Lambda targets only');
  refused(rule('r', { ...pattern, EventBusName: 'mine' }))('default event bus only');
  refused(rule('r', { ScheduleExpression: 'cron(0 0 L * ? *)' }))("'L'");
  refused(rule('r', pattern, { InputPath: '$.detail[?(@.a)]' }))('input path');
  refused(rule('r', pattern, { InputTransformer: { InputTemplate: '<nothing>' } }))('nothing');
});

test('a rule that is disabled does nothing', async () => {
  const { events, calls } = start([rule('r', { ...pattern, State: 'DISABLED' }), permission(ruleArn('r'))]);
  events.emit(stopped);
  await events.settled();
  expect(calls).toEqual([]);
});

test("a rule's schedule runs at its times", async () => {
  const { calls, advance } = start([
    rule('r', { ScheduleExpression: 'rate(5 minutes)' }),
    permission(ruleArn('r')),
  ]);
  await advance(16 * 60_000);
  expect(calls.map((call) => call.at.slice(11, 16))).toEqual(['10:05', '10:10', '10:15']);
  expect(calls[0]?.event).toMatchObject({
    source: 'aws.events',
    'detail-type': 'Scheduled Event',
    resources: [ruleArn('r')],
  });
});

const schedule = (properties: object, target: object = {}) =>
  resource(
    'AWS::Scheduler::Schedule',
    's',
    {
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: { Arn: functionArn, RoleArn: roleArn('scheduler'), ...target },
      ...properties,
    },
    { arn: 'arn:schedule' },
  );
const caller = (statements: object[], service = 'scheduler.amazonaws.com') =>
  role('scheduler', statements, service);
const mayInvoke = allow('lambda:InvokeFunction', functionArn);

test('a schedule of Scheduler runs in its time zone and tells its own time', async () => {
  const Input = '{"at":"<aws.scheduler.scheduled-time>","by":"<aws.scheduler.schedule-arn>"}';
  const seoul = schedule(
    { ScheduleExpression: 'cron(30 19 * * ? *)', ScheduleExpressionTimezone: 'Asia/Seoul' },
    { Input },
  );
  const { calls, advance } = start([seoul, caller([mayInvoke])]);
  await advance(24 * 3_600_000);
  expect(calls).toEqual([
    { at: '2026-11-23T10:30:00.000Z', event: { at: '2026-11-23T10:30:00Z', by: 'arn:schedule' } },
  ]);
});

test('a schedule without input sends the event that Scheduler makes', async () => {
  const { calls, advance } = start([schedule({ ScheduleExpression: 'rate(1 hour)' }), caller([mayInvoke])]);
  await advance(3_600_000);
  expect(calls[0]?.event).toMatchObject({
    source: 'aws.scheduler',
    resources: ['arn:schedule'],
    detail: '{}',
  });
});

test("a schedule's role must trust Scheduler and may call the function", async () => {
  for (const wrong of [caller([]), caller([mayInvoke], 'events.amazonaws.com')]) {
    const { calls, advance, cloud } = start([schedule({ ScheduleExpression: 'rate(1 minute)' }), wrong]);
    await advance(60_000);
    expect(calls).toEqual([]);
    expect(cloud.logged).toContainEqual(expect.objectContaining({ event: 'delivery.denied', schedule: 's' }));
  }
});

test("a schedule's role may trust Scheduler for its group of schedules only, as CDK's roles do", async () => {
  const group = (name: string) => `arn:aws:scheduler:${region}:${accountId}:schedule-group/${name}`;
  const trusting = (SourceArn: string) =>
    role('scheduler', [mayInvoke], 'scheduler.amazonaws.com', {
      StringEquals: { 'aws:SourceAccount': accountId, 'aws:SourceArn': SourceArn },
    });
  const every = (properties: object = {}) =>
    schedule({ ScheduleExpression: 'rate(1 minute)', ...properties });
  const callsOf = async (...resources: Parameters<typeof start>[0]) => {
    const { calls, advance } = start(resources);
    await advance(60_000);
    return calls.length;
  };
  expect(await callsOf(every(), trusting(group('default')))).toBe(1);
  expect(await callsOf(every({ GroupName: 'own' }), trusting(group('own')))).toBe(1);
  expect(await callsOf(every({ GroupName: 'own' }), trusting(group('default')))).toBe(0);
});

test('an application puts events of its own on the bus, if it may, and none in the name of AWS', async () => {
  const bus = `arn:aws:events:${region}:${accountId}:event-bus/default`;
  const app = role('app', [
    allow('events:PutEvents', bus, { StringEquals: { 'events:source': ['app', 'aws.ecs'] } }),
  ]);
  const { context, events, calls } = start([
    rule('r', { EventPattern: { source: ['app'] } }),
    permission(ruleArn('r')),
    app,
  ]);
  const put = (...entries: readonly (readonly [string, string])[]) =>
    context.request({
      roleArn: roleArn('app'),
      sessionName: 'test',
      service: 'events',
      target: 'AWSEvents.PutEvents',
      body: { Entries: entries.map(([Source, Detail]) => ({ Source, DetailType: 'Noted', Detail })) },
    });
  expect(await put(['app', '{"n":1}'], ['aws.ecs', '{}'], ['app', 'no'])).toMatchObject({
    FailedEntryCount: 2,
    Entries: [
      { EventId: expect.any(String) },
      { ErrorCode: 'NotAuthorizedForSource' },
      { ErrorCode: 'MalformedDetail' },
    ],
  });
  await events.settled();
  expect(calls.map((call) => call.event)).toMatchObject([{ source: 'app', detail: { n: 1 } }]);
  await expect(put(['other', '{}'])).rejects.toMatchObject({ code: 'AccessDeniedException' });
});
