import type { Scenario } from '../../drill/scenario/schema';
import { type Outcome, outcomes, outcomeTable } from '../../functions/record/outcomes';
import { cell, code, listed } from './markdown';
import type { Machine, State } from './states';

/** Errors that pass on their own; every Task retries them first. */
export const transientErrors = 'ThrottledError';

/** One row per way to handle an error: the errors, the states that handle them so, and the next state. */
export function catchRows({ states }: Machine): string[][] {
  const groups = new Map<string, { errors: string[]; next: string; from: string[] }>();
  for (const { name, Catch } of states) {
    for (const [i, { ErrorEquals, Next }] of Catch.entries()) {
      const errors = ErrorEquals.includes('States.ALL') ? [i === 0 ? 'any error' : 'any other error'] : ErrorEquals;
      const key = JSON.stringify([errors, Next]);
      const group = groups.get(key) ?? { errors, next: Next, from: [] };
      groups.set(key, { ...group, from: [...group.from, name] });
    }
  }
  return [...groups.values()].map(({ errors, next, from }) => [
    errors.map((error) => (error.includes(' ') ? error : code(error))).join(' '),
    cell(listed(from)),
    `**${next}**: ${cell(commentOf(next, states))}`,
  ]);
}

/** The machine's Fail states, with their errors and comments. */
export function redEnds({ states }: Machine): string[] {
  return states
    .filter(({ Type }) => Type === 'Fail')
    .map(({ name, Comment, Error: error }) => `**${name}**${error ? ` (${code(error)})` : ''}: ${Comment}.`);
}

const commentOf = (name: string, states: readonly State[]) =>
  states.find((state) => state.name === name)?.Comment ?? '';

/** The colour in the console; a suspicion is only a notice and ends no execution. */
function colourOf(outcome: Outcome): string {
  const { execution } = outcomeTable[outcome];
  return execution === 'none' ? '' : ` (${execution})`;
}

/** One row per scenario: situation, result, name. */
export function scenarioRows(scenarios: readonly Scenario[]): string[][] {
  return scenarios.map(({ name, story, expect }) => [
    cell(story),
    cell(endOf(expect)),
    `[${name}](../../drill/scenarios/${name}.yml)`,
  ]);
}

function endOf({ outcomes: ordered, tally = {}, executions, deadLetters, effects = {} }: Scenario['expect']): string {
  const ends = ordered ?? outcomes.filter((outcome) => tally[outcome]);
  const parts = [...new Set(ends)].map((outcome) => `${outcome}${colourOf(outcome)}`);
  if (executions === 0) parts.push('nothing runs');
  if (deadLetters) parts.push(`${deadLetters} in the dead-letter queue`);
  const counts = Object.entries(effects).map(([command, count]) => `${command} ${count}`);
  return [parts.join(', '), counts.join(', ')].filter(Boolean).join('; ');
}
