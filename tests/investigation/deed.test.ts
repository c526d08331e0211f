import { toChange } from '../../functions/context/change';
import { toDeed } from '../../functions/investigation/deed';

const arn = 'arn:aws:sts::123456789012:assumed-role/admin/alice';
const record = {
  eventID: '0a1b2c3d-0000-4000-8000-000000000001',
  eventTime: '2026-03-02T10:00:00Z',
  eventName: 'StopInstances',
  eventSource: 'ec2.amazonaws.com',
  awsRegion: 'us-east-1',
  readOnly: false,
  errorCode: 'Client.UnauthorizedOperation',
  sourceIPAddress: '198.51.100.7',
  userIdentity: {
    type: 'AssumedRole',
    arn,
    sessionContext: { sessionIssuer: { arn: 'arn:aws:iam::123456789012:role/admin', userName: 'admin' } },
  },
  requestParameters: { instancesSet: {} },
};
const both = (given: object) => {
  const line = JSON.stringify(given);
  return { deed: toDeed(line), change: () => toChange(line, 'i-0123456789abcdef0', 'incident-playbooks-dev-') };
};

test('a record is read alike as a deed and as a change: when, what, from where, by whom, and whether it was refused', () => {
  const { deed, change } = both(record);

  expect(deed).toMatchObject({ by: { kind: 'role', name: 'admin/alice', iamName: 'admin', userName: 'alice' } });
  expect(change()).toMatchObject({ who: 'admin/alice', id: record.eventID });
  for (const one of [deed, change()])
    expect(one).toMatchObject({
      ...{ at: '2026-03-02T10:00:00.000Z', what: 'StopInstances', from: '198.51.100.7' },
      refused: 'Client.UnauthorizedOperation',
    });
});

test('what CloudTrail leaves out or sets to null is read, too', () => {
  const { eventID, eventTime, eventName } = record;
  for (const given of [
    { eventID, eventTime, eventName },
    { eventID, eventTime, eventName, userIdentity: null, requestParameters: null, errorCode: null },
  ]) {
    const { deed, change } = both(given);

    expect(deed).toMatchObject({ from: 'unknown', by: { kind: 'other', name: 'unknown' } });
    expect(change()).toMatchObject({ from: 'unknown', who: 'unknown' });
  }
});

test('a line that is no record is no deed; an event without an ID, or of another form, is an error', () => {
  expect(toDeed('not JSON')).toBeUndefined();
  for (const wrong of [
    { ...record, userIdentity: 'alice' },
    { ...record, eventTime: 7 },
  ]) {
    const { deed, change } = both(wrong);

    expect(deed).toBeUndefined();
    expect(change).toThrow();
  }
  const { eventID: _, ...without } = record;
  expect(both(without).deed).toBeDefined();
  expect(both(without).change).toThrow(/eventID/);
});
