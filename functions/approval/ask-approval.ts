import { publish } from '../notice/publish';
import { newIncidentSchema } from '../record/incident';
import { writeEntry } from '../record/store';
import { parseWith } from '../shared/parse';
import * as z from '../shared/schema';
import { step } from '../shared/step';
import { subjectSchema } from './approval';
import { buildQuestion } from './request';
import { keepQuestion } from './store';

const input = z.object({
  incident: z.extend(newIncidentSchema, { score: z.optional(z.looseObject({ explanation: z.optional(z.string()) })) }),
  subject: subjectSchema,
  what: z.string().check(z.maxLength(4000)),
  waitSeconds: z.number(),
  taskToken: z.string().check(z.minLength(1), z.maxLength(2048)),
});
const environment = z.object({ ANSWER_FUNCTION: z.string() });

/**
 * Requests approval and lets the execution wait: the token goes into the encrypted table, the request to the topic.
 * The task ends with the answer, or with the state's timeout, which means no.
 */
export const handler = step('ask-approval', input, async (asked, { clock, config }) => {
  const { incident, subject, what, waitSeconds, taskToken } = asked;
  const { incidentId, playbook, mode, drill, finding } = incident;
  const now = clock.now();
  const askedAt = now.toISOString();
  const answerBy = new Date(now.getTime() + waitSeconds * 1000).toISOString();
  await keepQuestion(
    { incidentId, subject, playbook, mode, what, token: taskToken, askedAt, answerBy, status: 'OPEN' },
    config,
  );
  const { ANSWER_FUNCTION } = parseWith(environment, process.env, 'environment');
  const question = buildQuestion({
    incidentId,
    playbook,
    subject,
    drill,
    mode,
    what,
    why: whyOf(incident),
    score: incident.score?.explanation ?? (finding ? `GuardDuty severity ${finding.severity} of 10` : undefined),
    answerBy,
    answerFunction: ANSWER_FUNCTION,
    stage: config.STAGE,
    region: process.env.AWS_REGION ?? 'us-east-1',
  });
  await publish(question, config);
  const entry = {
    key: `approval-asked#${subject}`,
    at: askedAt,
    what: `Requested approval by ${answerBy}: ${what}`,
  };
  await writeEntry(incidentId, entry, config);
  return { askedAt, answerBy };
});

function whyOf({ alarm, finding, request }: z.output<typeof input>['incident']): string {
  if (finding) return `GuardDuty: ${finding.title} (${finding.type})`;
  if (alarm) return `alarm ${alarm.alarmName}: ${alarm.reason}`;
  return `started manually by ${request?.requestedBy ?? 'unknown'}: ${request?.reason ?? 'no reason given'}`;
}
