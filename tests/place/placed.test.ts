import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DescribeInstancesCommand, StopInstancesCommand } from '@aws-sdk/client-ec2';
import type { AssumeRoleCommandInput } from '@aws-sdk/client-sts';
import { inPlace, type Stay } from '../../functions/place/in-place';
import { narrowSessions } from '../../functions/place/narrow';
import { sessionPolicyOf } from '../../functions/place/session-policy';
import { ec2, ec2Once } from '../../functions/shared/clients/ec2';
import { sts } from '../../functions/shared/clients/sts';
import * as z from '../../functions/shared/schema';
import { step } from '../../functions/shared/step';
import { lambdaContext, setEnvironment } from '../fixtures/lambda';

const own = '123456789012';
const [spoke, second] = ['210987654321', '310987654321'];
const instanceId = 'i-0123456789abcdef0';
const start = new Date('2026-03-02T09:00:00.000Z');

/** The access keys that requests on the wire were signed with, in turn. */
let signedWith: string[];
let asked: AssumeRoleCommandInput[];
let refuse: Error | undefined;
/** What the coming requests on the wire are answered, each once, before all others succeed. */
let answers: { code: string; status: number }[];

const stay = (change: Partial<Stay> = {}): Stay => ({
  place: { account: spoke, region: 'us-east-1' },
  incidentId: 'inc-1',
  instanceId,
  ...change,
});
const describe1 = () => ec2.send(new DescribeInstancesCommand({ InstanceIds: [instanceId] }));
const keyOf = (account: string, n: number) => `ASIA${account}${n}`;

beforeAll(() => {
  const reply =
    '<DescribeInstancesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"></DescribeInstancesResponse>';
  const handle = async ({ headers }: { headers: Record<string, string> }) => {
    signedWith.push(/Credential=([^/]+)/.exec(headers.authorization ?? '')?.[1] ?? 'none');
    const { HttpResponse } = await import('@smithy/core/protocols');
    const { code = '', status: statusCode = 200 } = answers.shift() ?? {};
    const refusal = `<Response><Errors><Error><Code>${code}</Code><Message>No.</Message></Error></Errors></Response>`;
    return { response: new HttpResponse({ statusCode, headers: {}, body: Buffer.from(code ? refusal : reply) }) };
  };
  for (const client of [ec2, ec2Once])
    client.config.requestHandler = { handle, metadata: { handlerProtocol: 'http/1.1' } } as never;
  const answer = () => async (args: { input: object }) => {
    const input = args.input as AssumeRoleCommandInput;
    asked.push(input);
    if (refuse) throw refuse;
    const account = input.RoleArn!.split(':')[4]!;
    return {
      response: {},
      output: {
        Credentials: {
          ...{ AccessKeyId: keyOf(account, asked.length), SecretAccessKey: 's', SessionToken: 't' },
          Expiration: new Date(Date.now() + 900_000),
        },
        AssumedRoleUser: { Arn: `arn:aws:sts::${account}:assumed-role/r/s`, AssumedRoleId: 'AROA:s' },
        $metadata: {},
      },
    };
  };
  sts.middlewareStack.add(answer as never, { step: 'initialize', name: 'answer' });
});

beforeEach(() => {
  jest.useFakeTimers({ now: start, doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
  setEnvironment({
    ...{ ACCOUNT_IDS: `${own},${spoke},${second}`, SPOKE_CAPABILITY: 'read', SPOKE_EXTERNAL_ID: 'shared-secret' },
    AWS_ACCESS_KEY_ID: 'AKIAOWN',
  });
  [signedWith, asked, refuse, answers] = [[], [], undefined, []];
  narrowSessions(sessionPolicyOf);
});
afterEach(() => jest.useRealTimers());

test('in the own account calls are signed as ever, and STS is never asked', async () => {
  await describe1();
  await inPlace(undefined, describe1);

  expect(signedWith).toEqual(['AKIAOWN', 'AKIAOWN']);
  expect(asked).toEqual([]);
});

test('each of many calls at once is signed for its own place', async () => {
  const other = stay({ place: { account: second, region: 'us-east-1' }, incidentId: 'inc-2' });
  await Promise.all([inPlace(stay(), describe1), describe1(), inPlace(other, describe1)]);
  await inPlace(stay(), () => inPlace(undefined, describe1));
  await describe1();

  expect(signedWith.sort()).toEqual([keyOf(spoke, 1), keyOf(second, 2), 'AKIAOWN', 'AKIAOWN', 'AKIAOWN'].sort());
});

test('a session is asked for once, and not used for another incident, instance, capability or place', async () => {
  const once = stay({ incidentId: 'inc-once' });
  for (let n = 0; n < 3; n += 1) await inPlace(once, describe1);
  expect(asked).toHaveLength(1);

  await inPlace(stay({ incidentId: 'inc-other' }), describe1);
  await inPlace({ ...once, instanceId: 'i-0fedcba9876543210' }, describe1);
  await inPlace({ ...once, place: { account: second, region: 'us-east-1' } }, describe1);
  process.env.SPOKE_CAPABILITY = 'power';
  await inPlace(once, describe1);
  expect(asked).toHaveLength(5);
});

test('a session is given up before it ends', async () => {
  const long = stay({ incidentId: 'inc-long' });
  await inPlace(long, describe1);
  jest.setSystemTime(new Date(start.getTime() + 770_000));
  await inPlace(long, describe1);
  expect(asked).toHaveLength(1);
  jest.setSystemTime(new Date(start.getTime() + 781_000));
  await inPlace(long, describe1);
  expect(asked).toHaveLength(2);
});

test('a session says which incident it is for, and what it may touch', async () => {
  process.env.SPOKE_CAPABILITY = 'power';
  await inPlace(stay({ incidentId: `inc-${'ü'.repeat(80)}` }), describe1);

  const name = `inc-${'-'.repeat(60)}`;
  expect(asked[0]).toEqual({
    RoleArn: `arn:aws:iam::${spoke}:role/incident-playbooks-test-spoke-power`,
    RoleSessionName: name,
    SourceIdentity: name,
    ExternalId: 'shared-secret',
    DurationSeconds: 900,
    Tags: [
      { Key: 'incident', Value: name },
      { Key: 'instance', Value: instanceId },
    ],
    Policy: expect.stringContaining(`:${spoke}:instance/${instanceId}`),
  });
});

test('a session that could change something is not asked for by code that cannot narrow it', async () => {
  narrowSessions(undefined);
  process.env.SPOKE_CAPABILITY = 'contain';
  await expect(inPlace(stay({ incidentId: 'inc-bare' }), describe1)).rejects.toMatchObject({
    name: 'PlaceUnreachableError',
  });
  expect(asked).toEqual([]);
});

test('a place that the stage does not list is refused before STS is asked', async () => {
  const elsewhere = [
    { account: '999988887777', region: 'us-east-1' },
    { account: spoke, region: 'eu-west-1' },
  ];
  for (const place of elsewhere)
    await expect(inPlace(stay({ place }), describe1)).rejects.toMatchObject({ name: 'PlaceNotListedError' });
  expect([asked, signedWith]).toEqual([[], []]);
});

test.each([
  ['AccessDenied', 'PlaceUnreachableError', 403],
  ['RegionDisabledException', 'PlaceUnreachableError', 403],
  ['TimeoutError', 'PlaceUnreachableError', undefined],
  ['Throttling', 'ThrottledError', 400],
  ['InternalFailure', 'ServiceUnavailableError', 500],
])('a role that is refused (%s) is a %s, nothing is sent, and the next call asks again', async (code, name, status) => {
  const one = stay({ incidentId: `inc-${code}` });
  refuse = Object.assign(new Error('not allowed'), { name: code, $metadata: { httpStatusCode: status } });
  await expect(inPlace(one, describe1)).rejects.toMatchObject({ name, cause: refuse });
  expect(signedWith).toEqual([]);

  refuse = undefined;
  await inPlace(one, describe1);
  expect(signedWith).toEqual([keyOf(spoke, 2)]);
});

describe('a session that AWS refuses before its end', () => {
  const stop1 = () => ec2Once.send(new StopInstancesCommand({ InstanceIds: [instanceId] }));
  const codes = [
    ...['RequestExpired', 'ExpiredToken', 'ExpiredTokenException'],
    ...['AuthFailure', 'InvalidClientTokenId', 'UnrecognizedClientException'],
  ];
  const expired = { code: 'RequestExpired', status: 400 };

  test.each(codes)('%s: it is forgotten, and the call is made once more with a new one', async (code) => {
    process.env.SPOKE_CAPABILITY = 'power';
    const one = stay({ incidentId: `inc-refused-${code}` });
    await inPlace(one, describe1);
    answers = [{ code, status: 403 }];
    await inPlace(one, stop1);
    await inPlace(one, stop1);

    expect(signedWith).toEqual([1, 1, 2, 2].map((n) => keyOf(spoke, n)));
    expect(asked).toHaveLength(2);
    expect(asked[1]).toEqual(asked[0]);
  });

  test('a new one that is refused, too, is not replaced again', async () => {
    answers = [expired, expired];
    await expect(inPlace(stay({ incidentId: 'inc-twice' }), stop1)).rejects.toMatchObject({ name: 'RequestExpired' });

    expect(signedWith).toEqual([keyOf(spoke, 1), keyOf(spoke, 2)]);
  });

  test('calls that are refused at once share the new one', async () => {
    const one = stay({ incidentId: 'inc-at-once' });
    await inPlace(one, describe1);
    answers = [expired, expired, expired];
    await Promise.all([inPlace(one, describe1), inPlace(one, describe1), inPlace(one, describe1)]);

    expect(asked).toHaveLength(2);
    expect(signedWith.slice(4)).toEqual([2, 2, 2].map((n) => keyOf(spoke, n)));
  });

  test('where STS gives no new one, the place cannot be reached', async () => {
    const one = stay({ incidentId: 'inc-no-new' });
    await inPlace(one, describe1);
    answers = [expired];
    refuse = Object.assign(new Error('not allowed'), { name: 'AccessDenied', $metadata: { httpStatusCode: 403 } });
    await expect(inPlace(one, stop1)).rejects.toMatchObject({ name: 'PlaceUnreachableError', cause: refuse });

    expect(signedWith).toHaveLength(2);
  });

  test.each([
    ['what the session may not do', 'UnauthorizedOperation', 403],
    ['what may have been done', 'InternalError', 500],
    ['what names an expired session, but is an error of the server', 'RequestExpired', 500],
  ])('%s (%s) is not asked for again', async (_what, code, status) => {
    answers = [{ code, status }];
    const one = stay({ incidentId: `inc-kept-${code}-${status}` });
    await expect(inPlace(one, stop1)).rejects.toMatchObject({ name: code });
    await inPlace(one, stop1);

    expect(signedWith).toEqual([keyOf(spoke, 1), keyOf(spoke, 1)]);
  });

  test('in the own account the call is made once, as ever', async () => {
    answers = [expired];
    await expect(stop1()).rejects.toMatchObject({ name: 'RequestExpired' });

    expect([signedWith, asked]).toEqual([['AKIAOWN'], []]);
  });
});

test('a function without a capability reaches no other account', async () => {
  delete process.env.SPOKE_CAPABILITY;
  await expect(inPlace(stay(), describe1)).rejects.toMatchObject({ name: 'PlaceUnreachableError' });
});

test('every client of the fleet follows its caller, and what the hub keeps is never asked for elsewhere', async () => {
  const folder = join(__dirname, '..', '..', 'functions', 'shared', 'clients');
  const followed = new Map<string, boolean>();
  await inPlace(stay({ incidentId: 'inc-all' }), async () => {
    for (const file of readdirSync(folder)) {
      const module: Record<string, unknown> = await import(join(folder, file));
      for (const [name, client] of Object.entries(module)) {
        const { config } = client as { config?: { credentials?: () => Promise<{ accessKeyId: string }> } };
        if (config?.credentials) followed.set(name, (await config.credentials()).accessKeyId === keyOf(spoke, 1));
      }
    }
  });

  const ofHub = ['dynamoDb', 'table', 'eventBridge', 's3', 'sns', 'stepFunctions', 'sts'];
  expect(
    [...followed]
      .filter(([, follows]) => !follows)
      .map(([name]) => name)
      .sort(),
  ).toEqual(ofHub.sort());
  expect(followed.size).toBeGreaterThan(ofHub.length + 10);
});

describe('a step', () => {
  const handler = step('look', z.object({ incident: z.object({ incidentId: z.string() }) }), async () => {
    await describe1();
    return {};
  });
  const incident = { incidentId: 'inc-step', instanceId };

  test('acts in the place of its incident, whatever its own schema keeps of it', async () => {
    await handler({ incident: { ...incident, place: { account: spoke, region: 'us-east-1' } } }, lambdaContext);
    expect(signedWith).toEqual([keyOf(spoke, 1)]);
  });

  test('acts in the own account for an incident without a place, as records of former releases are', async () => {
    await handler({ incident }, lambdaContext);
    expect([signedWith, asked]).toEqual([['AKIAOWN'], []]);
  });

  test.each([[{ account: 'x', region: 'us-east-1' }], ['210987654321'], [{ account: spoke }]])(
    'does nothing for a place that is none: %j',
    async (place) => {
      await expect(handler({ incident: { ...incident, place } }, lambdaContext)).rejects.toMatchObject({
        name: 'InvalidInputError',
      });
      expect(signedWith).toEqual([]);
    },
  );
});
