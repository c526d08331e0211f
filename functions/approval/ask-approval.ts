import { assertInTurn } from '../guard/in-turn';
import { publish } from '../notice/publish';
import { askedEvent } from '../record/events';
import { newIncidentSchema } from '../record/incident';
import { queueEvent } from '../record/queue-event';
import { expiryOf, writeEntry } from '../record/store';
import type { Config } from '../shared/config';
import { parseWith } from '../shared/parse';
import * as z from '../shared/schema';
import { step } from '../shared/step';
import { type Approval, deliverySeconds, subjectSchema } from './approval';
import { hashOf } from './plan';
import { buildQuestion } from './request';
import { targetIn } from './state';
import { keepQuestion } from './store';
import { leastNeeded, wordsOf } from './targets';

const input = z.object({
  incident: z.looseObject({
    ...newIncidentSchema.shape,
    request: z.optional(z.looseObject({ reason: z.string(), requestedBy: z.string() })),
    score: z.optional(z.looseObject({ explanation: z.optional(z.string()) })),
    block: z.optional(
      z.looseObject({
        storm: z.optional(z.object({ since: z.string(), addresses: z.number() })),
        sources: z.optional(z.string()),
      }),
    ),
  }),
  subject: subjectSchema,
  waitSeconds: z.number(),
  taskToken: z.string().check(z.minLength(1), z.maxLength(2048)),
});
type Incident = z.output<typeof input>['incident'];
const environment = z.object({
  ANSWER_FUNCTION: z.string(),
  APPROVALS_NEEDED: z._default(z.optional(z.matching(/^[1-9]$/, 'a number from 1 to 9')), '1'),
});

/**
 * Requests approval for one thing and lets the execution wait: the token goes into the encrypted table, the request to
 * the topic, in text generated from it. The task ends with the answer, or with the state's timeout, which means no.
 */
export const handler = step('ask-approval', input, async (asked, { clock, config, ids }) => {
  const { incident, subject, waitSeconds, taskToken } = asked;
  const { incidentId, playbook, mode, executionId } = incident;
  await assertInTurn(incident, config);
  const now = clock.now();
  const target = targetIn(subject, incident);
  const { ANSWER_FUNCTION, APPROVALS_NEEDED } = parseWith(environment, process.env, 'environment');
  const standing = await keepQuestion(
    {
      incidentId,
      subject,
      questionId: `q-${ids()}`,
      playbook,
      executionId,
      mode,
      target,
      what: wordsOf(subject, target),
      hash: hashOf({ playbook, executionId, subject, target }),
      needed: Math.max(Number(APPROVALS_NEEDED), leastNeeded(subject, target)),
      requestedBy: incident.request?.requestedBy,
      token: taskToken,
      askedAt: now.toISOString(),
      answerBy: new Date(now.getTime() + (waitSeconds - deliverySeconds) * 1000).toISOString(),
      status: 'OPEN',
    },
    config,
  );
  await queue(standing, incident, now, config);
  await tell(standing, incident, ANSWER_FUNCTION, config);
  const { questionId, askedAt, answerBy, what } = standing;
  const entry = {
    key: `approval-asked#${subject}`,
    at: askedAt,
    what: `Requested approval ${questionId} by ${answerBy}: ${what}`,
  };
  await writeEntry(incidentId, entry, config);
  return { questionId, askedAt, answerBy };
});

/** Requests of earlier releases had no ID; none of them is asked again. */
async function queue({ questionId, needed = 1, ...question }: Approval, incident: Incident, now: Date, config: Config) {
  if (questionId === undefined) return;
  await queueEvent(
    askedEvent(incident, { ...question, questionId, needed }, config),
    now,
    expiryOf(now, config),
    config,
  );
}

/** Sends the stored request, not the one just built: people read what their answer is saved for. */
async function tell(question: Approval, incident: Incident, answerFunction: string, config: Config): Promise<void> {
  const { finding, score, block } = incident;
  const notice = buildQuestion({
    ...question,
    drill: incident.drill,
    why: whyOf(incident),
    score:
      score?.explanation ?? (finding ? `GuardDuty severity ${finding.severity} of 10` : undefined) ?? block?.sources,
    answerFunction,
    stage: config.STAGE,
    region: process.env.AWS_REGION ?? 'us-east-1',
  });
  await publish(notice, config);
}

function whyOf({ alarm, finding, request, block }: Incident): string {
  if (finding)
    return `GuardDuty: ${finding.title.replace(/\.$/, '')} (${finding.type})${aboutResource(finding.resourceType)}${aboutStorm(block)}`;
  if (alarm) return `alarm ${alarm.alarmName}: ${alarm.reason}`;
  return `started manually by ${request?.requestedBy ?? 'unknown'}: ${request?.reason ?? 'no reason given'}`;
}

/** An isolation cuts off the whole instance, whatever on it the finding is about. */
const aboutResource = (resourceType: string | undefined) =>
  resourceType ? `; it is about ${resourceType} on the instance` : '';

/** Findings that go on are asked about again, with how many addresses they have named by now. */
const aboutStorm = (block: Incident['block']) =>
  block?.storm ? `; ${block.storm.addresses} addresses in findings since ${block.storm.since}` : '';
