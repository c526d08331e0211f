import { loadHandler } from '../stack/handlers';
import type { Stack } from '../stack/stack';
import type { Scenario } from './schema';

const lookEveryMs = 10_000;

/**
 * Lets people answer: each of the scenario's answers is given once, so long after its question came.
 * A refusal, of a second or a late answer, is what the person sees; it changes nothing.
 * @returns what was answered to each of them, in order
 */
export function answerQuestions({ answers }: Pick<Scenario, 'answers'>, { cloud }: Stack): string[] {
  const seen: string[] = [];
  const open = answers.map((answer) => ({ ...answer, isAsked: false }));
  const look = () => {
    for (const one of open.filter(({ isAsked }) => !isAsked)) {
      const question = cloud.sns.messages.find(({ subject }) => subject?.includes(`Approve ${one.subject}?`));
      if (!question) continue;
      one.isAsked = true;
      const incidentId = /inc-[0-9a-f]{20}/.exec(question.message)![0];
      const { subject, answer, by, afterMinutes } = one;
      const give = async () => {
        // Its client exists only once the drill's environment is set.
        const handler = await loadHandler('functions/approval/answer-approval.handler');
        return handler({ incidentId, subject, answer, answeredBy: by }, {} as never);
      };
      const waitMs = Math.max(0, question.at + afterMinutes * 60_000 - Date.now());
      setTimeout(
        () =>
          void give().then(
            () => seen.push('taken'),
            (error: Error) => seen.push(error.name),
          ),
        waitMs,
      );
    }
    if (open.some(({ isAsked }) => !isAsked)) setTimeout(look, lookEveryMs);
  };
  if (open.length > 0) setTimeout(look, lookEveryMs);
  return seen;
}
