import { assertInTurn } from '../guard/in-turn';
import { newIncidentSchema } from '../record/incident';
import { writeEntry } from '../record/store';
import * as z from '../shared/schema';
import { step } from '../shared/step';
import {
  AlreadyAnsweredError,
  NoApprovalAskedError,
  noAnswer,
  QuestionStillOpenError,
  subjectSchema,
} from './approval';
import { noteExpired, readQuestion } from './store';

const input = z.object({ incident: newIncidentSchema, subject: subjectSchema });

/**
 * Nobody answered in time, which means no: closes the request, so that a late answer is rejected.
 * @throws QuestionStillOpenError while it may still be answered
 */
export const handler = step('expire-approval', input, async ({ incident, subject }, { clock, config }) => {
  const { incidentId } = incident;
  await assertInTurn(incident, config);
  const now = clock.now();
  const at = now.toISOString();
  const isEnded = await noteExpired(incident, subject, now, config);
  const question = await readQuestion(incidentId, subject, config);
  if (!question) throw new NoApprovalAskedError(`The incident has not requested approval (${subject}).`);
  if (question.status === 'ANSWERED')
    throw new AlreadyAnsweredError(`The request for approval (${subject}) has been answered.`);
  if (!isEnded && question.status !== 'EXPIRED')
    throw new QuestionStillOpenError(
      `The request for approval (${subject}) may be answered until ${question.answerBy}.`,
    );
  const what = `Nobody answered in time (${subject}), which means no.`;
  await writeEntry(incidentId, { key: `approval-expired#${subject}`, at, what }, config);
  return noAnswer(subject, question.what, at);
});
