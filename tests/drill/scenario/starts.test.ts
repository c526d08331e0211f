import { ScenarioStartError } from '../../../drill/scenario/starts';
import { drill, instanceId } from '../../fixtures/drill';

test('a scenario of a playbook that the template does not have is refused, also where an alarm would start it', async () => {
  const misspelt = drill({ playbook: 'restart-instanse' });

  await expect(misspelt).rejects.toThrow(ScenarioStartError);
  await expect(misspelt).rejects.toThrow('no state machine for the playbook "restart-instanse"');
});

test.each([
  ['own', '123456789012', 'cpu-high'],
  ['other', '210987654321', `cpu-high-${instanceId}`],
])(
  'an alarm of the %s account is the one in the cell’s region, wherever else the account is',
  async (_whose, account, alarm) => {
    const fleet = [{ instanceId }];
    const here = account === '210987654321' ? [{ account, fleet }] : [];
    const { executions } = await drill({
      fleet,
      places: [{ account, region: 'eu-west-1', fleet }, ...here],
      starts: { by: 'alarm-state', alarm, account },
    });

    expect(executions.map(({ input }) => input)).toMatchObject([{ account, region: 'us-east-1' }]);
  },
);
