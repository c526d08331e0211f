import { CreateTagsCommand, DeleteTagsCommand } from '@aws-sdk/client-ec2';
import type { Stack } from '../../drill/stack/stack';
import { alarmKinds } from '../../functions/enrolment/alarm-kinds';
import { ec2 } from '../../functions/shared/clients/ec2';
import { enrolledAlarms, pass, runMachine, watching } from '../fixtures/watching';

const optIn = { Key: 'incident-playbooks:enabled', Value: 'true' };

/** What its owner does to an instance, and a minute after it. */
async function aMinuteAfter(stack: Stack, doing: Promise<unknown>): Promise<void> {
  await stack.time.run(doing);
  await pass(stack, 60);
}

test('an instance has its alarms within a minute of its tag, and loses them when it opts out', async () => {
  await watching(async (stack) => {
    const id = stack.cloud.ec2.launch({ tags: { Name: 'web-1' } });
    await aMinuteAfter(stack, ec2.send(new CreateTagsCommand({ Resources: [id], Tags: [optIn] })));
    const optedIn = enrolledAlarms(stack).length;
    await aMinuteAfter(stack, ec2.send(new DeleteTagsCommand({ Resources: [id], Tags: [{ Key: optIn.Key }] })));

    expect(optedIn).toBe(alarmKinds.length);
    expect(enrolledAlarms(stack)).toEqual([]);
    expect(stack.bus.deadLetters).toEqual([]);
  });
});

test('a new threshold in its tag is taken over', async () => {
  await watching(async (stack) => {
    const id = stack.cloud.ec2.launch({});
    const tag = { Key: 'incident-playbooks:cpu-high-percent', Value: '93' };
    await aMinuteAfter(stack, ec2.send(new CreateTagsCommand({ Resources: [id], Tags: [tag] })));

    expect(enrolledAlarms(stack).find(({ MetricName }) => MetricName === 'CPUUtilization')?.Threshold).toBe(93);
  });
});

test('an instance that is terminated loses its alarms', async () => {
  await watching(async (stack) => {
    const id = stack.cloud.ec2.launch({});
    await runMachine(stack, 'reconcile-alarms');
    const before = enrolledAlarms(stack).length;
    stack.cloud.ec2.lifecycle.terminate(stack.cloud.ec2.find(id)!);
    await pass(stack, 180);

    expect(before).toBe(alarmKinds.length);
    expect(enrolledAlarms(stack)).toEqual([]);
  });
});

test('the nightly run repairs drift and tells people; a run that finds none is silent', async () => {
  await watching(async (stack) => {
    stack.cloud.ec2.launch({ tags: { [optIn.Key]: 'true', 'incident-playbooks:cpu-high-percent': 'ninety' } });
    await runMachine(stack, 'reconcile-alarms', { report: true });
    const [first] = stack.cloud.sns.messages;
    const [alarm] = enrolledAlarms(stack);
    stack.cloud.cloudWatch.putAlarm({ ...alarm, Threshold: 3 } as never);
    await runMachine(stack, 'reconcile-alarms', { report: false });

    expect(first?.message).toContain('incident-playbooks:cpu-high-percent is not a number');
    expect(stack.cloud.sns.messages).toHaveLength(1);
    expect(enrolledAlarms(stack).map(({ Threshold }) => Threshold)).not.toContain(3);
  });
});
