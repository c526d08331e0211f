import { drill, effects, type Given, instanceId } from '../fixtures/drill';

const enrolled = { 'incident-playbooks:enabled': 'true' };

/** An alarm event as anyone with PutMetricAlarm can provoke it, about an instance that nobody has enrolled. */
function strangersAlarm(n: number, instance: string): Record<string, unknown> {
  const at = new Date(Date.parse('2026-03-02T09:00:00Z') + (n + 1) * 30_000).toISOString().replace('Z', '+0000');
  const alarmName = `restart-instance-dev-stranger-${n % 9}`;
  const metric = { namespace: 'Stranger', name: 'X', dimensions: { InstanceId: instance } };
  return {
    version: '0',
    id: `stranger-${n}`,
    'detail-type': 'CloudWatch Alarm State Change',
    source: 'aws.cloudwatch',
    account: '123456789012',
    time: '2026-03-02T09:00:00Z',
    region: 'us-east-1',
    resources: [`arn:aws:cloudwatch:us-east-1:123456789012:alarm:${alarmName}`],
    detail: {
      alarmName,
      state: { value: 'ALARM', reason: 'x', timestamp: at },
      previousState: { value: 'OK' },
      configuration: { metrics: [{ id: 'm', metricStat: { metric, period: 10, stat: 'Maximum' }, returnData: true }] },
    },
  };
}

/** A host fails a quarter of an hour in, while alarms of strangers keep coming every 30 seconds. */
const flooded = (instanceOf: (n: number) => string): Given => ({
  fleet: [
    {
      instanceId,
      tags: enrolled,
      symptoms: [{ metricName: 'StatusCheckFailed_Instance', startsAfterSeconds: 900, heals: 'on-restart' }],
    },
  ],
  starts: {
    by: 'event',
    secondsApart: 30,
    events: Array.from({ length: 60 }, (_, n) => strangersAlarm(n, instanceOf(n))),
  },
  lastsMinutes: 65,
});

test.each<[string, (n: number) => string]>([
  ['one instance that does not exist', () => 'i-0fffffffffffffff0'],
  ['a new instance each time', (n) => `i-${String(n).padStart(17, '0')}`],
])('row 66: bogus alarms in masses, about %s, hold no restart back', async (_what, instanceOf) => {
  const result = await drill(flooded(instanceOf));
  const own = result.incidents.filter((one) => one.instanceId === instanceId);

  expect(own.map(({ outcome }) => outcome)).toContain('RESOLVED');
  expect(effects(result, 'StopInstances') + effects(result, 'RebootInstances')).toBeGreaterThan(0);
  expect(result.incidents.filter(({ code }) => code === 'storm')).toEqual([]);

  // The first ends have their own notices; one lists all others, and no record is lost.
  const records = result.items.filter(({ sk }) => sk === 'RECORD');
  const strangers = records.filter((one) => one.instanceId !== instanceId && one.trigger !== 'storm');
  const digests = records.filter(({ code }) => code === 'many-alike');
  const toldOwn = strangers.filter(({ noticeSentAt }) => noticeSentAt !== undefined);
  const others = strangers.filter(({ noticeSentAt }) => noticeSentAt === undefined);
  expect(strangers).toHaveLength(60);
  expect(digests).toHaveLength(1);
  expect(toldOwn).toHaveLength(8);
  expect(others.map(({ extra }) => (extra as { toldBy?: string }).toldBy)).toEqual(
    others.map(() => digests[0]!.incidentId),
  );
  const sent = result.notices.filter(({ message }) => message.includes(`Incident: ${digests[0]!.incidentId}`));
  expect(sent).toHaveLength(1);
  expect(sent[0]!.message).toContain('52 incidents of restart-instance ended as SKIPPED');
  expect(others.filter(({ incidentId }) => !sent[0]!.message.includes(String(incidentId)))).toEqual([]);
});
