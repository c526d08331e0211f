import { type FindingType, findingTypes } from '../../functions/finding/types';
import { cell, code, table } from './markdown';

const made = '<!-- Made by `npm run docs` from functions/finding/types.ts -->';

/** The page of all finding types. Pure; ends with a line break. */
export function findingsPage(): string {
  const blocks = [
    '# GuardDuty findings',
    made,
    'What each finding type about EC2 starts. A playbook starts if the severity is at least the minimum of the stage (`isolateSeverity`, `blockSeverity`), and an isolation only if the finding names an instance, including one that a container runs on. ACTOR and TARGET are the resource roles in the finding: what the instance does, and what is done to it.',
    'Every other finding about EC2 is told: it becomes a record and a notice, as a page from severity 7, to look at from 4, for information below. So is a finding below the minimum severity, one that names no instance, and a type that is newer than this release, unless it belongs to a family that the rules name. The same type about the same instance is told once an hour. A finding about an instance is never dropped.',
    table(['type', 'starts', 'why'], findingTypes.map(row)),
    'A finding that names several addresses or instances: every address is part of the request for approval, while an isolation handles one instance, so each needs its own start; the notice lists them.',
  ];
  return `${blocks.join('\n\n')}\n`;
}

const startsOf = ({ starts }: FindingType) =>
  typeof starts === 'string' ? starts : `${starts.ACTOR} (ACTOR), ${starts.TARGET} (TARGET)`;

const row = (one: FindingType) => [code(one.type), startsOf(one), cell(one.why)];
