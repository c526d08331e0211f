import { fromJSONSchema } from 'zod';
import { askedEvent, closedEvent, openedEvent } from '../../../functions/record/events';
import { textOf } from '../../../tools/docs/pages';
import { jsonSchemaOf, schemaFiles } from '../../../tools/docs/schemas';
import { config } from '../../fixtures/config';

const at = '2026-03-02T09:00:00.000Z';
const incident = {
  ...{ incidentId: 'inc-0123456789abcdef0123', playbook: 'isolate-instance', mode: 'act' as const, drill: false },
  executionId: 'arn:aws:states:us-east-1:123456789012:execution:m:e',
  ...{ trigger: 'finding' as const, openedAt: at, instanceId: 'i-0123456789abcdef0' },
};
const question = { questionId: 'q-0123456789ab', subject: 'isolate' as const, what: 'Isolate it.', needed: 1 };
const events = [
  openedEvent(incident, config),
  closedEvent(incident, { outcome: 'CONTAINED', code: 'isolated', reason: 'It is isolated.', closedAt: at }, config),
  askedEvent(incident, { ...question, askedAt: at, answerBy: at }, config),
];

test.each(schemaFiles())('%s is what events are checked against before they are sent', (file, text) => {
  expect(textOf(file)).toBe(text);
});

test.each(events)('$type fits its published schema; a field too many or too few does not', ({ type, detail }) => {
  const schema = fromJSONSchema(jsonSchemaOf(type) as never);
  const { incidentId, ...without } = detail;

  expect(schema.safeParse(detail).error).toBeUndefined();
  expect(schema.safeParse({ ...detail, taskToken: 'secret' }).success).toBe(false);
  expect(schema.safeParse({ ...without, incidentId: 'inc-1' }).success).toBe(false);
  expect(schema.safeParse(without).success).toBe(false);
});
