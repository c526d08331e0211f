import { AlreadyAnsweredError, type Answer, type Approval, RequesterMayNotApproveError } from './approval';
import { type Caller, isNamed, isSamePerson } from './caller';

/** What becomes of a request with one more answer. */
export interface Answered {
  /** All answers, the new one last. */
  answers: readonly Answer[];
  /** The answer that now counts; undefined while more people have to say yes. */
  complete?: { answer: 'yes' | 'no'; answeredBy: string };
}

/** How many different people said yes. Pure. */
export function peopleWhoSaidYes(answers: readonly Answer[] = []): number {
  const yeses = answers.filter(({ answer }) => answer === 'yes').map(({ caller }) => caller);
  return yeses.filter((one, i) => yeses.findIndex((other) => isSamePerson(one, other)) === i).length;
}

/**
 * What a request is with one more answer: a single no ends it, and so does the last yes that it needs. Pure.
 * @throws RequesterMayNotApproveError if who started the playbook says yes, and the stage does not allow it
 * @throws AlreadyAnsweredError if the same person has said yes before
 */
export function withAnswer(question: Approval, given: Answer, requesterMayApprove: boolean): Answered {
  const { answers: before = [], requestedBy, needed = 1 } = question;
  const { answer, caller } = given;
  const answers = [...before, given];
  if (answer === 'no') return { answers, complete: { answer, answeredBy: caller.arn } };
  if (requestedBy !== undefined && !requesterMayApprove && isNamed(caller, requestedBy))
    throw new RequesterMayNotApproveError(
      `${requestedBy} started this playbook: another person has to approve it (requesterMayApprove of the stage).`,
    );
  if (before.some((one) => isSamePerson(one.caller, caller)))
    throw new AlreadyAnsweredError(
      `The same person has already said yes: ${missing(question)} of ${needed} people are still needed.`,
    );
  if (peopleWhoSaidYes(answers) < needed) return { answers };
  return { answers, complete: { answer, answeredBy: answers.map((one) => one.caller.arn).join(', ') } };
}

/** How many more people have to say yes. Pure. */
export const missing = ({ answers, needed = 1 }: Pick<Approval, 'answers' | 'needed'>): number =>
  Math.max(0, needed - peopleWhoSaidYes(answers));

/** Whether a request was completed by this person and only its delivery failed: repeating it delivers it again. Pure. */
export function isRepeated(question: Approval, given: 'yes' | 'no', caller: Caller): boolean {
  const { status, answer, answers = [], answeredBy } = question;
  if (status !== 'DELIVERING' || answer !== given) return false;
  // Requests of earlier releases have only the name.
  return answeredBy === caller.arn || answers.some((one) => isSamePerson(one.caller, caller));
}
