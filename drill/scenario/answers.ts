import { principalOf, type UrlResponse } from '../stack/function-url';
import type { Stack } from '../stack/stack';
import type { Scenario } from './schema';

const lookEveryMs = 10_000;

type Answer = Scenario['answers'][number];
interface Question {
  incidentId: string;
  at: number;
}

/**
 * Lets people answer. The nth answer on a subject is for its nth request; one that is due before that request exists is
 * a second answer to the first one. Further requests stay unanswered. The rejection of a second or late answer goes to
 * the person; it changes nothing.
 * @returns the response to each answer, in order
 */
export function answerQuestions(
  { answers, stage }: Pick<Scenario, 'answers' | 'stage'>,
  { cloud, urls, region }: Stack,
): string[] {
  const seen: string[] = [];
  const give = ({ subject, answer, by }: Answer, incidentId: string) => {
    const principal = by === 'unsigned' ? undefined : principalOf(by, region);
    return urls.post(`incident-playbooks-${stage}-answer-approval`, { incidentId, subject, answer }, principal);
  };
  const giveLater = (one: Answer, question: Question, isStillFor: () => boolean) => {
    const said = () => void give(one, question.incidentId).then((response) => seen.push(heardIn(response)));
    const waitMs = Math.max(0, question.at + one.afterMinutes * 60_000 - Date.now());
    setTimeout(() => isStillFor() && said(), waitMs);
  };
  const subjects = [...new Set(answers.map(({ subject }) => subject))];
  const answered = new Set<string>();
  const look = () => {
    for (const subject of subjects) {
      const own = answers.filter((one) => one.subject === subject);
      for (const [n, question] of questionsOf(subject, cloud).entries()) {
        const key = `${subject} ${question.incidentId}`;
        if (answered.has(key)) continue;
        answered.add(key);
        const [first, ...more] = own.slice(n);
        if (first) giveLater(first, question, () => true);
        if (n > 0) continue;
        for (const [index, one] of more.entries())
          giveLater(one, question, () => questionsOf(subject, cloud).length < index + 2);
      }
    }
    setTimeout(look, lookEveryMs);
  };
  if (answers.length > 0) setTimeout(look, lookEveryMs);
  return seen;
}

/** What a person hears: that the answer was taken, or the name of the refusal. */
function heardIn({ statusCode, body }: UrlResponse): string {
  if (statusCode === 200) return 'taken';
  return statusCode < 500 ? String(JSON.parse(body).errorType ?? 'Forbidden') : 'Internal Server Error';
}

/** The requests on a subject, one per incident, in order. */
function questionsOf(subject: string, { sns }: Stack['cloud']): Question[] {
  const asked = sns.messages.filter((one) => one.subject?.includes(`Approve ${subject}?`));
  // The text may name other incidents, too: the command to answer with names the one that asks.
  const questions = asked.map(({ message, at }) => ({
    incidentId: /approve -- (inc-[0-9a-f]{20})/.exec(message)![1]!,
    at,
  }));
  return questions.filter(({ incidentId }, i) => questions.findIndex((one) => one.incidentId === incidentId) === i);
}
