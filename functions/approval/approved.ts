import type { NewIncident } from '../record/incident';
import { readEntry, writeEntry } from '../record/store';
import { secondsBetween } from '../shared/clock';
import { parseWith } from '../shared/parse';
import type { StepTools } from '../shared/step';
import { type Approval, goodForSeconds, NotApprovedError } from './approval';
import { type ApprovedChange, covers } from './covers';
import { hashOf } from './plan';
import { readQuestion } from './store';
import { targetSchemas } from './targets';

type Asking = Pick<NewIncident, 'incidentId' | 'executionId' | 'playbook'>;

/**
 * Asked before every change that needs a person's yes, whatever the state machine says: reads the kept answer, compares
 * what was asked with what is about to be changed, and spends the yes on the execution that asked.
 * @throws NotApprovedError
 */
export async function assertApproved(incident: Asking, change: ApprovedChange, tools: StepTools): Promise<void> {
  const { clock, config } = tools;
  const question = await readQuestion(incident.incidentId, change.subject, config);
  const reason = refuse(question, incident, change, clock.now());
  if (reason) throw new NotApprovedError(`Nobody has approved this change (${change.subject}): ${reason}.`);
  await spend(question!, incident, tools);
}

function refuse(
  question: Approval | undefined,
  { executionId, playbook }: Asking,
  change: ApprovedChange,
  now: Date,
): string | undefined {
  if (!question) return 'nobody was asked';
  const { status, answer, answeredAt, hash, subject } = question;
  if ((status !== 'ANSWERED' && status !== 'DELIVERING') || answer !== 'yes') return 'nobody has said yes';
  if (!answeredAt || !hash || question.executionId !== executionId || question.playbook !== playbook)
    return 'another execution has asked';
  const target = parseWith(targetSchemas[subject], question.target, 'approval.target');
  if (hash !== hashOf({ playbook, executionId, subject, target })) return 'the question was changed since it was asked';
  if (!covers(target, change)) return 'another question was answered';
  return secondsBetween(answeredAt, now) > goodForSeconds ? `the yes of ${answeredAt} is too old` : undefined;
}

/** A yes is spent once, by a conditional write, on one execution; whoever did that may go on with it. */
async function spend({ subject, questionId, hash }: Approval, incident: Asking, { clock, config }: StepTools) {
  const { incidentId, executionId } = incident;
  const key = `approval-used#${subject}`;
  const what = `Acts on the approval ${questionId} (${subject}).`;
  const before = { executionId, hash };
  if (await writeEntry(incidentId, { key, at: clock.now().toISOString(), what, before }, config)) return;
  const used = (await readEntry(incidentId, key, config))?.before;
  if (used?.executionId === executionId && used.hash === hash) return;
  throw new NotApprovedError(`Nobody has approved this change (${subject}): the yes was used already.`);
}
