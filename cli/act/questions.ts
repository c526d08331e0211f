import { join } from 'node:path';
import { shown } from '../../drill/render/shown';
import { lastState } from '../../drill/replay/to-report';
import type { HistoryEvent } from '../../drill/stack/history';
import { machineNames, readMachines } from '../../packaging/read-machines';

/** A state of a machine that waits for a person, as its file has it. */
interface Asking {
  Resource?: unknown;
  Parameters?: { Payload?: { subject?: unknown } };
}

const root = join(__dirname, '..', '..');
/** By playbook: the machines' files do not change while a command runs. */
const known = new Map<string, ReadonlyMap<string, string>>();

/** What a machine requests approval for, by the state that waits for the answer. */
export function questionsOf(playbook: string): ReadonlyMap<string, string> {
  const questions = known.get(playbook) ?? readQuestions(playbook);
  known.set(playbook, questions);
  return questions;
}

function readQuestions(playbook: string): ReadonlyMap<string, string> {
  const names = machineNames(root).filter((name) => name === playbook);
  const { States = {} } = readMachines(root, names).get(playbook) ?? {};
  return new Map(
    Object.entries(States as Record<string, Asking>).flatMap(([state, { Resource, Parameters }]) => {
      const subject = Parameters?.Payload?.subject;
      return String(Resource).endsWith(':lambda:invoke.waitForTaskToken') && typeof subject === 'string'
        ? [[state, subject] as const]
        : [];
    }),
  );
}

/** What an answer brings about beyond the throwaway instance. */
const beware: Readonly<Record<string, string>> = {
  'revoke-sessions':
    ' A yes affects everyone who uses the role of --profile; after a no the isolation goes on, and can still end CONTAINED.',
};

/**
 * What the operator is told as an execution begins to wait for an answer: which question it is, and how it is answered.
 * @param questions as `questionsOf` gives them
 * @returns no line for any other event. Pure.
 */
export function waitingLines(
  event: HistoryEvent,
  questions: ReadonlyMap<string, string>,
  { playbook, stage }: { playbook: string; stage: string },
): string[] {
  const subject = event.type === 'StateEntered' ? questions.get(event.state) : undefined;
  const incidentId = subject && lastState([event])?.incidentId;
  if (!subject || !incidentId) return [];
  const command = `npm run approve -- ${shown(incidentId)} --yes --stage ${shown(stage)} --subject ${subject}`;
  return [
    `${playbook} waits for an answer to: ${subject}? Its notice says what that means and until when; no answer means no.${beware[subject] ?? ''}`,
    `Somebody else answers now: ${command} (or --no)`,
  ];
}
