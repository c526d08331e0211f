import { externalId, organizationId } from '../../drill/stack/spoke-roles';
import type { Stack } from '../../drill/stack/stack';
import { pass, runMachine, watching } from '../fixtures/watching';

const HOUR = 3600;
const patrol = (stack: Stack) => runMachine(stack, 'patrol-fleet');
const pathOf = ({ history }: Awaited<ReturnType<typeof patrol>>) =>
  history.flatMap((event) => (event.type === 'StateEntered' ? [event.state] : []));
const changes = ({ cloud }: Stack) =>
  cloud.ledger.entries.filter(({ service, effective }) => service === 'ec2' && effective);

/** An instance whose CPU leaves all that was normal twenty minutes after it was launched. */
const launchOdd = ({ cloud }: Stack) =>
  cloud.ec2.launch({
    symptoms: [{ metricName: 'CPUUtilization', value: 71, startsAfterSeconds: 1200, heals: 'never' }],
  });

/** An alarm that a person made, and that stays as it is set. */
function putOwnAlarm({ cloudWatch }: Stack['cloud']): string {
  const AlarmName = 'restart-instance-dev-mine';
  const own = { Namespace: 'Mine', MetricName: 'Queue', Statistic: 'Sum', Period: 300, EvaluationPeriods: 1 } as const;
  const rule = { Threshold: 1, ComparisonOperator: 'GreaterThanThreshold', TreatMissingData: 'ignore' } as const;
  cloudWatch.putAlarm({ AlarmName, ...own, ...rule });
  return AlarmName;
}

test('what stands out is told once, however often a patrol comes by within the quiet hours', async () => {
  await watching(async (stack) => {
    const odd = launchOdd(stack);
    stack.cloud.ec2.launch({});
    await pass(stack, HOUR);
    const first = await patrol(stack);
    await pass(stack, HOUR / 2);
    const second = await patrol(stack);

    expect([first.status, second.status]).toEqual(['SUCCEEDED', 'SUCCEEDED']);
    expect(stack.cloud.sns.messages.map(({ subject }) => subject)).toEqual([`LOOK SUSPECTED: patrol-fleet ${odd}`]);
    expect(changes(stack)).toEqual([]);
  });
});

test('many at once are not told one by one: one notice stands for those above the limit of a storm', async () => {
  await watching(
    async (stack) => {
      for (let i = 0; i < 6; i++) launchOdd(stack);
      await pass(stack, HOUR);
      const { status } = await patrol(stack);
      await pass(stack, HOUR / 2);
      await patrol(stack);
      const subjects = stack.cloud.sns.messages.map(({ subject }) => subject);

      expect(status).toBe('SUCCEEDED');
      expect(subjects.filter((one) => one === 'LOOK SUSPECTED: patrol-fleet storm')).toHaveLength(1);
      expect(subjects).toHaveLength(3 + 1);
    },
    { variables: { STORM_LIMIT: '3' } },
  );
});

test('the batches are listed in S3 for the child executions that score them, and no step may read the list', async () => {
  await watching(async (stack) => {
    const odd = launchOdd(stack);
    for (let i = 0; i < 40; i++) stack.cloud.ec2.launch({});
    await pass(stack, HOUR);
    const execution = await patrol(stack);
    const [list, ...others] = stack.cloud.s3.versions;

    expect(execution.status).toBe('SUCCEEDED');
    expect(pathOf(execution).slice(0, 5)).toEqual([
      'List fleet',
      'Is anything to score?',
      'Score fleet',
      'Score batch',
      'Score batch',
    ]);
    expect(others).toEqual([]);
    expect(list?.key).toBe(`fleets/${execution.name}.json`);
    expect(JSON.parse(list!.text)).toMatchObject([
      { place: { account: stack.cloud.place.account }, instanceIds: { length: 40 } },
      { instanceIds: { length: 1 } },
    ]);
    expect(execution.output).toMatchObject({ end: { scored: 41 } });
    expect(stack.cloud.sns.messages.map(({ subject }) => subject)).toContain(`LOOK SUSPECTED: patrol-fleet ${odd}`);
  });
});

test('a stage without a running, opted-in instance is swept all the same, and its list is not read', async () => {
  await watching(async (stack) => {
    const name = putOwnAlarm(stack.cloud);
    stack.cloud.cloudWatch.setState(name, 'ALARM', 'Threshold Crossed');
    await pass(stack, 2 * HOUR);
    const execution = await patrol(stack);

    expect(execution).toMatchObject({
      status: 'SUCCEEDED',
      output: { end: { verdict: 'COMPLETE', size: 0, scored: 0 } },
    });
    expect(pathOf(execution).slice(0, 4)).toEqual([
      'List fleet',
      'Is anything to score?',
      'Score nothing',
      'Is there more of the fleet?',
    ]);
    expect(stack.cloud.ledger.entries.filter(({ command }) => command === 'GetObject')).toEqual([]);
    expect(stack.cloud.sns.messages.at(-1)?.subject).toBe(`LOOK SUSPECTED: patrol-fleet ${name}`);
  });
});

test('a patrol whose list cannot be read pages a person', async () => {
  await watching(
    async (stack) => {
      stack.cloud.ec2.launch({});
      const execution = await patrol(stack);

      expect(pathOf(execution)).toEqual([
        'List fleet',
        'Is anything to score?',
        'Score fleet',
        'Page a person',
        'Needs a person',
      ]);
      expect(stack.cloud.sns.messages).toHaveLength(1);
    },
    { faults: [{ name: 'api-denied', command: 'GetObject' }] },
  );
});

test('a batch that cannot be scored leaves the findings of the others, and the patrol ends red', async () => {
  await watching(
    async (stack) => {
      // A batch holds forty: the odd one is in the second, the first is refused.
      for (let i = 0; i < 40; i++) stack.cloud.ec2.launch({});
      const odd = launchOdd(stack);
      await pass(stack, HOUR);
      const execution = await patrol(stack);

      expect(execution).toMatchObject({ status: 'FAILED', error: 'PATROL_INCOMPLETE' });
      expect(execution.cause).toBe('1 of 2 batches could not be scored.');
      expect(stack.cloud.sns.messages.map(({ subject }) => subject)).toEqual([`LOOK SUSPECTED: patrol-fleet ${odd}`]);
    },
    // Only the batch of forty asks for more than two hundred metrics.
    { faults: [{ name: 'api-refused', command: 'GetMetricData', code: 'AccessDenied', resource: '"m200"' }] },
  );
});

test('an alarm that a person made is swept as well as those of enrolment', async () => {
  await watching(async (stack) => {
    const name = putOwnAlarm(stack.cloud);
    stack.cloud.cloudWatch.setState(name, 'ALARM', 'Threshold Crossed');
    await pass(stack, 2 * HOUR);
    await patrol(stack);
    const told = stack.cloud.sns.messages.at(-1);

    expect(told?.subject).toBe(`LOOK SUSPECTED: patrol-fleet ${name}`);
    expect(told?.message).toContain('Its incident ended as SKIPPED: The alarm does not name an instance.');
  });
});

test('a patrol that may not list the fleet pages a person and changes nothing', async () => {
  await watching(
    async (stack) => {
      stack.cloud.ec2.launch({});
      const execution = await patrol(stack);

      expect(execution.status).toBe('FAILED');
      expect(pathOf(execution)).toEqual(['List fleet', 'Page a person', 'Needs a person']);
      expect(stack.cloud.sns.messages.map(({ message }) => message)).toEqual([
        expect.stringContaining('The run failed before it finished, and changed no instance.'),
      ]);
      expect(changes(stack)).toEqual([]);
    },
    { faults: [{ name: 'api-denied', command: 'DescribeInstances' }] },
  );
});

test('a patrol that dies once it may tell people still tells them, and once', async () => {
  await watching(
    async (stack) => {
      launchOdd(stack);
      await pass(stack, HOUR);
      const { status } = await patrol(stack);

      expect(status).toBe('SUCCEEDED');
      expect(stack.cloud.ledger.entries.filter(({ result }) => result === 'no-answer')).toHaveLength(1);
      expect(stack.cloud.sns.messages).toHaveLength(1);
    },
    { faults: [{ name: 'crash-after-call', command: 'UpdateItem', n: 1 }] },
  );
});

test('every account is patrolled with its role, and one that cannot be reached is told as unknown, never as quiet', async () => {
  const [good, bad] = ['210987654321', '310987654321'];
  const odd = {
    symptoms: [{ metricName: 'CPUUtilization' as const, value: 71, startsAfterSeconds: 1200, heals: 'never' as const }],
  };
  const given = {
    places: [
      { account: good, fleet: [{}, odd] },
      { account: bad, fleet: [{}, odd], roles: 'missing' as const },
    ],
    params: { organizationId, spokeExternalId: externalId, spokeAccounts: `${good},${bad}` },
  };
  await watching(async (stack) => {
    const own = launchOdd(stack);
    const { cloud, instanceIds } = stack.places[0]!;
    const [, oddThere] = instanceIds;
    const name = putOwnAlarm(cloud);
    // The event of the spoke's alarm is lost on its way to the hub.
    const receive = jest.spyOn(stack.bus, 'receive').mockImplementation(() => {});
    cloud.cloudWatch.setState(name, 'ALARM', 'Threshold Crossed');
    receive.mockRestore();
    await pass(stack, 2 * HOUR);
    const first = await patrol(stack);
    const told = stack.cloud.sns.messages.map(({ subject }) => subject).sort();
    const second = await patrol(stack);
    const unattended = stack.cloud.sns.messages.find(({ subject }) => subject?.includes(name))?.message;

    expect(told).toEqual(
      [`account ${bad} in us-east-1`, name, own, oddThere].map((one) => `LOOK SUSPECTED: patrol-fleet ${one}`).sort(),
    );
    expect(unattended).toContain('without an incident');
    expect(unattended).toContain(good);
    for (const { status, error, cause } of [first, second]) {
      expect({ status, error }).toEqual({ status: 'FAILED', error: 'PATROL_INCOMPLETE' });
      expect(cause).toContain(`Account ${bad} in us-east-1 is unknown to the patrol: PlaceUnreachableError`);
      expect(cause).not.toContain(good);
    }
    expect(stack.cloud.sns.messages).toHaveLength(4);
    expect([...changes(stack), ...changes({ cloud } as Stack)]).toEqual([]);
  }, given);
});
