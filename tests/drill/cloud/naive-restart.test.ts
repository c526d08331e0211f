import { drill, effects, instanceId } from '../../fixtures/drill';

test('the naive order is refused: EC2 does not start an instance that is still stopping', async () => {
  const { EC2Client, StartInstancesCommand, StopInstancesCommand } = await import('@aws-sdk/client-ec2');
  const answers: string[] = [];
  const naive = async (client: InstanceType<typeof EC2Client>) => {
    await client.send(new StopInstancesCommand({ InstanceIds: [instanceId] }));
    await client.send(new StartInstancesCommand({ InstanceIds: [instanceId] })).then(
      () => answers.push('started'),
      (error: Error) => answers.push(error.name),
    );
  };

  const result = await drill({ fleet: [{ instanceId }], lastsMinutes: 10, givesUpAfterMinutes: 10 }, ({ cloud }) => {
    const client = new EC2Client({});
    cloud.attach(client);
    void naive(client);
  });

  expect(answers).toEqual(['IncorrectInstanceState']);
  expect([effects(result, 'StopInstances'), effects(result, 'StartInstances')]).toEqual([1, 0]);
  expect(result.instances[0]?.state).toBe('stopped');
});

test('the playbook waits for stopped, so its start is accepted the first time', async () => {
  const { ledger } = await drill();
  const starts = ledger.filter(({ command }) => command === 'StartInstances');

  expect(starts.map(({ result, effective }) => [result, effective])).toEqual([['ok', true]]);
});
