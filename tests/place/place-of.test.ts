import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { alarmEventSchema } from '../../functions/alarm/event-schema';
import { normalise } from '../../functions/alarm/normalise';
import { enrolmentEventSchema } from '../../functions/enrolment/event-schema';
import { findingEventSchema } from '../../functions/finding/event-schema';
import { normaliseFinding } from '../../functions/finding/normalise';
import { healthEventSchema } from '../../functions/health/event-schema';
import { askedPlace, placeOf } from '../../functions/place/place-of';
import type { LooseEvent } from '../fixtures/events';

const own = '123456789012';
const spoke = '210987654321';
const other = '999988887777';
const scope = { accounts: [own, spoke], regions: ['us-east-1'] };

type Change = (event: LooseEvent) => void;

function loose(name: string, change: Change): unknown {
  const event = JSON.parse(readFileSync(join(__dirname, '..', 'fixtures', 'events', `${name}.json`), 'utf8'));
  change(event);
  return event;
}

/** As the event of a spoke reaches the hub: its envelope and its ARNs are the spoke's. */
function forwarded(from: string): Change {
  return (event) => {
    event.account = from;
    event.resources = event.resources.map((arn: string) => arn.replace(own, from));
    if (!event.detail.accountId) return;
    event.detail.accountId = from;
    event.detail.arn = event.detail.arn.replace(own, from);
  };
}
const both =
  (...changes: Change[]): Change =>
  (event) => {
    for (const change of changes) change(event);
  };

const alarm = (change: Change = () => {}, name = 'metric-alarm-cpu-high') =>
  placeOf('alarm', alarmEventSchema.parse(loose(name, change)), scope);
const finding = (change: Change = () => {}) =>
  placeOf('finding', findingEventSchema.parse(loose('guardduty-backdoor', change)), scope);

describe('an alarm', () => {
  test.each([own, spoke])('is where its envelope and its ARN say: %s', (account) => {
    expect(alarm(forwarded(account))).toEqual({ place: { account, region: 'us-east-1' } });
  });

  test.each<[string, Change, string]>([
    ['of an account that is not listed', forwarded(other), 'wrong-account'],
    [
      'of another region',
      (event) => {
        event.region = 'eu-west-1';
      },
      'wrong-region',
    ],
    [
      'whose ARN is of another listed account',
      (event) => {
        event.account = spoke;
      },
      'place-contradicted',
    ],
    [
      'whose ARN is of another region',
      (event) => {
        event.resources = [`arn:aws:cloudwatch:eu-west-1:${own}:alarm:x`];
      },
      'place-contradicted',
    ],
    [
      'whose ARN names no account',
      (event) => {
        event.resources = ['arn:aws:cloudwatch:us-east-1::alarm:x'];
      },
      'place-contradicted',
    ],
    [
      'of a monitoring account, about a metric of another listed account',
      (event) => {
        event.detail.configuration.metrics[0].accountId = spoke;
      },
      'place-contradicted',
    ],
    [
      'of a monitoring account, about a metric of an account that is not listed',
      (event) => {
        event.detail.configuration.metrics[0].accountId = other;
      },
      'place-contradicted',
    ],
    [
      'of a spoke that monitors the hub',
      both(forwarded(spoke), (event) => {
        event.detail.configuration.metrics[0].accountId = own;
      }),
      'place-contradicted',
    ],
  ])('%s is refused', (_what, change, code) => {
    expect(alarm(change).refusal?.code).toBe(code);
  });

  test('that says the account of its metrics itself is taken', () => {
    const named = alarm((event) => {
      event.detail.configuration.metrics[0].accountId = own;
    });
    expect(named.refusal).toBeUndefined();
  });

  test('tells both accounts in its refusal', () => {
    const { refusal } = alarm((event) => {
      event.detail.configuration.metrics[0].accountId = spoke;
    });
    expect(refusal?.reason).toBe(
      `The alarm is from account ${own}. A metric that it watches is of account ${spoke}. Nothing is done in either.`,
    );
  });

  test('of a composite whose child is of another account is refused, and no child is looked up', () => {
    const event = alarmEventSchema.parse(
      loose('composite-alarm-service', (one) => {
        one.detail.state.reasonData = one.detail.state.reasonData.replaceAll(own, spoke);
      }),
    );
    const read = normalise(event, scope);
    expect(read.refusal?.code).toBe('place-contradicted');
    expect(read.children).toBeUndefined();
  });
});

describe('a finding', () => {
  test.each<[string, Change, string]>([
    ['of the own account', () => {}, own],
    ['of a spoke', forwarded(spoke), spoke],
    [
      'in the copy of the administrator, with the ARN of the member',
      both(forwarded(spoke), (event) => {
        event.account = own;
      }),
      spoke,
    ],
    [
      'in the copy of the administrator, with the ARN of the administrator',
      (event) => {
        event.detail.accountId = spoke;
      },
      spoke,
    ],
  ])('%s is where its detail says', (_what, change, account) => {
    expect(finding(change)).toEqual({ place: { account, region: 'us-east-1' } });
  });

  test.each<[string, Change, string]>([
    ['of an account that is not listed', forwarded(other), 'wrong-account'],
    [
      'of a member that is not listed',
      (event) => {
        event.detail.accountId = other;
      },
      'wrong-account',
    ],
    [
      'from an administrator that is not listed',
      (event) => {
        event.account = other;
      },
      'wrong-account',
    ],
    [
      'of another region',
      (event) => {
        event.detail.region = 'eu-west-1';
      },
      'wrong-region',
    ],
    [
      'whose ARN is of a third account',
      (event) => {
        event.detail.arn = event.detail.arn.replace(own, other);
      },
      'place-contradicted',
    ],
    [
      'whose ARN is of another region',
      (event) => {
        event.detail.arn = event.detail.arn.replace('us-east-1', 'eu-west-1');
      },
      'place-contradicted',
    ],
    [
      'of a sequence, about an instance of another account',
      (event) => {
        const uid = `arn:aws:ec2:us-east-1:${spoke}:instance/i-0123456789abcdef0`;
        event.detail.service.detection = { sequence: { resources: [{ resourceType: 'EC2_INSTANCE', uid }] } };
      },
      'place-contradicted',
    ],
  ])('%s is refused', (_what, change, code) => {
    expect(finding(change).refusal?.code).toBe(code);
  });

  test('keeps the place of its detail, not of its envelope', () => {
    const event = findingEventSchema.parse(
      loose('guardduty-backdoor', (one) => {
        one.detail.accountId = spoke;
      }),
    );
    const read = normaliseFinding(event, { ...scope, lowestSeverity: 7, drill: false });
    expect(read).toMatchObject({ finding: { account: spoke, region: 'us-east-1' } });
    expect(read.refusal).toBeUndefined();
  });
});

test.each([
  [{ affectedAccount: spoke, eventRegion: 'us-east-1' }, spoke, undefined],
  [{ affectedAccount: other, eventRegion: 'us-east-1' }, other, 'wrong-account'],
  [{ affectedAccount: spoke, eventRegion: 'eu-west-1' }, spoke, 'wrong-region'],
])('an event of AWS Health is where its detail says, wherever it was delivered: %j', (said, account, code) => {
  const event = healthEventSchema.parse({
    ...{ source: 'aws.health', 'detail-type': 'AWS Health Event', account: own, region: 'us-west-2' },
    time: '2026-03-02T09:00:00Z',
    detail: {
      ...{ eventArn: 'arn:aws:health:us-east-1::event/EC2/A/A_1', service: 'EC2', eventTypeCode: 'A' },
      ...{ eventTypeCategory: 'issue', ...said },
    },
  });
  const found = placeOf('health', event, scope);
  expect(found.place.account).toBe(account);
  expect(found.refusal?.code).toBe(code);
});

test('the ARN of an instance has to be of the account that its event comes from', () => {
  const event = (account: string) =>
    enrolmentEventSchema.parse({
      ...{ source: 'aws.tag', 'detail-type': 'Tag Change on Resource', account, region: 'us-east-1' },
      resources: [`arn:aws:ec2:us-east-1:${spoke}:instance/i-0123456789abcdef0`],
      detail: { service: 'ec2', 'resource-type': 'instance' },
    });
  expect(placeOf('instance', event(spoke), scope)).toEqual({ place: { account: spoke, region: 'us-east-1' } });
  expect(placeOf('instance', event(own), scope).refusal?.code).toBe('place-contradicted');
});

test('a request is about the own place unless it names one of the list', () => {
  expect(askedPlace(undefined, scope)).toEqual({});
  expect(askedPlace({ account: own }, scope)).toEqual({});
  expect(askedPlace({ account: spoke }, scope)).toEqual({ place: { account: spoke, region: 'us-east-1' } });
  expect(askedPlace({ account: other }, scope).refusal?.code).toBe('place-not-listed');
  expect(askedPlace({ region: 'eu-west-1' }, scope).refusal?.code).toBe('place-not-listed');
});
