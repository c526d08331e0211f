import { externalId, organizationId } from '../../drill/stack/spoke-roles';
import { alarmKinds } from '../../functions/enrolment/alarm-kinds';
import { enrolledAlarms, pass, runMachine, watching } from '../fixtures/watching';

jest.setTimeout(300_000);

const [good, bad] = ['210987654321', '310987654321'];
const given = {
  places: [
    { account: good, fleet: [{}, {}] },
    { account: bad, fleet: [{}], roles: 'missing' as const },
  ],
  params: { organizationId, spokeExternalId: externalId, spokeAccounts: `${good},${bad}` },
};

test('instances of every account are enrolled with its role, and one that cannot be reached is told and fails alone', async () => {
  await watching(async (stack) => {
    const own = stack.cloud.ec2.launch({});
    const [there] = stack.places;
    const { cloud, instanceIds } = there!;
    for (const { name } of cloud.cloudWatch.alarms.all()) cloud.cloudWatch.alarms.delete(name);
    const run = await runMachine(stack, 'reconcile-alarms', { report: true });
    const enrolled = () => enrolledAlarms({ cloud } as never).map(({ Dimensions }) => Dimensions?.[0]?.Value);
    const [all, ownOnes] = [enrolled(), enrolledAlarms(stack).map(({ Dimensions }) => Dimensions?.[0]?.Value)];
    cloud.ec2.lifecycle.terminate(cloud.ec2.find(instanceIds[0]!)!);
    await pass(stack, 180);

    expect(run.status).toBe('SUCCEEDED');
    expect(all.sort()).toEqual(instanceIds.flatMap((id) => alarmKinds.map(() => id)).sort());
    expect(new Set(ownOnes)).toEqual(new Set([own]));
    expect(stack.cloud.sns.messages.map(({ message }) => message)).toEqual([
      expect.stringContaining(`${bad} in us-east-1 could not be compared: PlaceUnreachableError`),
    ]);
    // The event of its end came from the other account's bus.
    expect(new Set(enrolled())).toEqual(new Set([instanceIds[1]]));
    expect(stack.bus.deadLetters).toEqual([]);
  }, given);
});
