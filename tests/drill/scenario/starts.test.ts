import { ScenarioStartError } from '../../../drill/scenario/starts';
import { drill } from '../../fixtures/drill';

test('a scenario of a playbook that the template does not have is refused, also where an alarm would start it', async () => {
  const misspelt = drill({ playbook: 'restart-instanse' });

  await expect(misspelt).rejects.toThrow(ScenarioStartError);
  await expect(misspelt).rejects.toThrow('no state machine for the playbook "restart-instanse"');
});
