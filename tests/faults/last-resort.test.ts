import { customNotification } from '../fixtures/custom-notification';
import { drill, type Given, instanceId } from '../fixtures/drill';

const ever = 1_000_000;
const broken = (...states: string[]): Given['faults'] =>
  states.map((state) => ({ name: 'lambda-refused', state, times: ever, error: 'Lambda.Unknown' }));
const byHand = (input: Record<string, unknown> = {}): Given['starts'] => ({ by: 'manual', input });
const isolated: Given = {
  playbook: 'isolate-instance',
  starts: byHand(),
  answers: [{ subject: 'isolate', answer: 'yes' }],
  follows: [{ playbook: 'release-instance', afterMinutes: 60, input: { isolatedBy: '{incident}' } }],
  lastsMinutes: 240,
};

/** What a state publishes by itself: the text, and beside it what filters and chat clients go by. */
interface Published {
  Message: string;
  MessageAttributes: Record<'severity' | 'chat', { DataType: string; StringValue: string }>;
}
interface Chat {
  version: string;
  source: string;
  content: { title: string; description: string; nextSteps: string[]; keywords: string[] };
}

describe('once Lambda runs nothing more, a person is paged by a way that needs no function', () => {
  test.each<[playbook: string, firstStep: string, about: string, given: Given]>([
    ['restart-instance', 'Confirm alarm', instanceId, {}],
    ['isolate-instance', 'Survey instance', instanceId, { playbook: 'isolate-instance', starts: byHand() }],
    ['release-instance', 'Plan release', instanceId, isolated],
    [
      'block-traffic',
      'Check range',
      '198.51.100.0/24',
      { playbook: 'block-traffic', fleet: [{}], starts: byHand({ cidr: '198.51.100.0/24' }) },
    ],
    [
      'patch-instance',
      'Check patching',
      instanceId,
      { playbook: 'patch-instance', fleet: [{ instanceId }], starts: byHand({ operation: 'scan' }) },
    ],
  ])('%s', async (playbook, firstStep, about, given) => {
    const faults = broken(firstStep, 'Close incident', 'Send notice', 'Page a person');
    const result = await drill({ ...given, faults });

    const execution = result.executions.find(({ machine }) => machine.endsWith(playbook))!;
    expect(execution).toMatchObject({ status: 'FAILED', error: 'ESCALATED' });
    expect(execution.path.slice(-2)).toEqual(['Page a person', 'Needs a person']);
    const page = result.notices.find(({ message }) => message.includes(execution.id))!;
    expect(page.subject).toBe(`PAGE ESCALATED: ${playbook} ${about}`);
    const text = page.message;
    expect(text).toContain('could not be recorded');
    expect(text).toContain('Lambda.Unknown');
    expect(text).toContain(execution.id);
    const command = `aws stepfunctions describe-execution --region us-east-1 --execution-arn ${execution.id}`;
    expect(text).toMatch(/ \| Do this: [A-Z][^|]+: aws /);
    expect(text).toContain(`: ${command} | Guide: docs/operating.md#a-page-that-no-function-sent | `);
    const published = result.ledger
      .filter(({ command }) => command === 'Publish')
      .map(({ input }) => input as Published)
      .find(({ Message }) => Message === text)!;
    const { version, source, content } = JSON.parse(published.MessageAttributes.chat.StringValue) as Chat;
    expect({ version, source }).toEqual({ version: '1.0', source: 'custom' });
    expect(
      customNotification.safeParse(JSON.parse(published.MessageAttributes.chat.StringValue)).error,
    ).toBeUndefined();
    expect(content.title).toBe(`🚨 PAGE ESCALATED: ${playbook} ${about}`);
    expect(content.keywords).toEqual([playbook, 'dev', 'ESCALATED', 'page']);
    expect(content.nextSteps[0]).toContain(`\`${command}\``);
    expect(content.nextSteps.filter((one) => one.length > 350)).toEqual([]);
  });

  test('also when not even what started the playbook can be read', async () => {
    const result = await drill({ faults: [{ name: 'lambda-refused', times: ever, error: 'Lambda.Unknown' }] });

    expect(result.executions[0]).toMatchObject({ status: 'FAILED', error: 'ESCALATED' });
    expect(result.executions[0]!.path).toEqual([
      'Read alarm',
      'Record rejection',
      'Page without incident',
      'Needs a person',
    ]);
    expect(result.notices[0]).toMatchObject({ subject: 'PAGE ESCALATED: restart-instance run' });
    expect(result.notices[0]!.message).toContain('could not be recorded');
  });
});

test('a page is published by the machine itself, stands in the ledger, and wakes those who take pages alone', async () => {
  const result = await drill({ faults: broken('Confirm alarm', 'Close incident') });

  const pages = result.ledger.filter(({ caller }) => caller?.stateName === 'Page a person');
  expect(pages).toMatchObject([
    {
      service: 'sns',
      command: 'Publish',
      effective: true,
      input: {
        MessageAttributes: { severity: { DataType: 'String', StringValue: 'page' } },
      },
    },
  ]);
  // With one, SNS sends no attributes, and a filter on them lets nothing through.
  expect(pages[0]!.input).not.toHaveProperty('MessageStructure');
});

test('a topic that does not answer is asked again for minutes; after that the execution is red, and its alarm calls', async () => {
  const broke = broken('Confirm alarm', 'Close incident') ?? [];
  const some = await drill({ faults: [...broke, { name: 'notification-fails', times: 5 }] });
  const ever = await drill({ faults: [...broke, { name: 'notification-fails', times: 1_000 }] });

  expect(some.notices).toHaveLength(1);
  expect(ever.notices).toHaveLength(0);
  expect(ever.executions[0]).toMatchObject({ status: 'FAILED', error: 'SNS.InternalErrorException' });
});
