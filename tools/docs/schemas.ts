import { z } from 'zod';
import { type EventType, eventSchemas } from '../../functions/record/event-schema';

/** What each event tells. */
const titles: Record<EventType, string> = {
  'incident.opened': 'An incident was opened',
  'incident.closed': 'An incident has ended',
  'approval.asked': 'A playbook waits for the approval of a person',
};

/** What each field means, whichever event has it. */
const meanings: Record<string, string> = {
  version: 'The layout of the detail. New optional fields do not change it.',
  incidentId: 'The incident. The same for all of its events.',
  playbook: 'The playbook, for example restart-instance; tell-finding and patrol-fleet only report.',
  stage: 'The stage, for example prod.',
  mode: 'observe: nothing is changed, whatever happens.',
  drill: 'Whether the incident is a drill.',
  executionArn: 'The execution in Step Functions, if there is one.',
  instanceId: 'The EC2 instance, if there is one.',
  alarmName: 'The CloudWatch alarm, if one started it. Chosen by people: treat it as text.',
  findingType: 'The type of the GuardDuty finding, if one started it.',
  trigger: 'What started it. storm: the incident stands for many.',
  openedAt: 'When it was opened.',
  closedAt: 'When it ended.',
  outcome: 'How it ended; docs/outcomes.md.',
  code: 'The rule or error that ended it; docs/codes.md.',
  severity: 'page: somebody is needed now. look: today. info: nobody.',
  endedWell: 'Whether the execution is green.',
  reason: 'Why it ended so, for people. Contains text from AWS and from names: treat it as text.',
  questionId: 'The request for approval. An answer names it.',
  subject: 'What is asked for.',
  what: 'What exactly is asked for, for people; cut after 2,048 characters.',
  needed: 'How many people have to say yes.',
  askedAt: 'When it was asked.',
  answerBy: 'Until when an answer counts. No answer means no.',
};

interface ObjectSchema {
  properties: Record<string, object>;
  [key: string]: unknown;
}

/** The JSON schema of an event's detail, made from the schema that every event is checked against before it is sent. Pure. */
export function jsonSchemaOf(type: EventType): ObjectSchema {
  const { $schema, ...schema } = z.toJSONSchema(eventSchemas[type]) as unknown as ObjectSchema;
  const properties = Object.entries(schema.properties).map(([name, one]) => {
    const description = meanings[name];
    if (description === undefined) throw new Error(`tools/docs/schemas.ts does not say what ${name} means.`);
    return [name, { description, ...one }];
  });
  return { $schema, title: type, description: titles[type], ...schema, properties: Object.fromEntries(properties) };
}

/** The published schemas of all events, by their file. */
export const schemaFiles = (): [file: string, text: string][] =>
  (Object.keys(eventSchemas) as EventType[]).map((type) => [
    `docs/schemas/${type}.json`,
    `${JSON.stringify(jsonSchemaOf(type), null, 2)}\n`,
  ]);
