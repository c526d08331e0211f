import { join } from 'node:path';
import { readDefinitions } from '../../../drill/report/definitions';
import { readParts } from '../../../tools/docs/parts';
import { drill } from '../../fixtures/drill';

const root = join(__dirname, '..', '..', '..');
const examples = [...readDefinitions(root).keys()]
  .map((name) => ({ name, input: readParts(root, name).byHand }))
  .filter(({ input }) => input.start === 'by-hand');

test.each(examples)('the command on the page of $name is one that the machine understands', async ({ name, input }) => {
  const result = await drill({ playbook: name, starts: { by: 'hand', input }, fleet: [{}] });

  expect(result.executions).toHaveLength(1);
  // Input that does not fit is rejected with the field's name, which begins with "event".
  expect(result.incidents.map(({ reason }) => reason).join()).not.toContain('event.');
});
