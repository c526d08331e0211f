import { type Behaviour, everywhere, everywhereInEc2, type Within } from '../../drill/cloud/behaviour/row';
import { runtimeRows } from '../../drill/cloud/behaviour/runtime';
import { behaviour } from '../../drill/cloud/behaviour/table';
import { cell, code, table } from './markdown';

const made = '<!-- Made by `npm run docs` from drill/cloud/behaviour/ -->';

/** The page of what AWS does beyond what an operation is called for. Pure; ends with a line break. */
export function awsBehaviourPage(): string {
  const blocks = [
    '# How AWS behaves',
    made,
    'What the playbooks rely on, operation by operation, with the document that says so. The simulated cloud follows this table, random drills draw rejections from it, and a test compares it with every operation that a function calls and with what the code and the state machines do about each rejection.',
    '## Everywhere',
    `Passes within seconds: ${codesOf(everywhere)}; in EC2 also ${codesOf(everywhereInEc2)}. The SDK retries most of these itself, and every state machine retries what is left.`,
    '## Operation by operation',
    table(
      [
        'operation',
        'afterwards old or missing',
        'passes by itself',
        'does not pass',
        'limits',
        'the second time',
        'source',
      ],
      behaviour.map(rowOf),
    ),
    '## Where the steps run',
    table(
      ['what', 'how it behaves', 'source'],
      runtimeRows.map(({ what, behaves, source }) => [cell(what), cell(behaves), cell(source)]),
    ),
  ];
  return `${blocks.join('\n\n')}\n`;
}

function rowOf({ operations, afterwards, passes, stands, limits, repeat, source }: Behaviour): string[] {
  return [
    operations.map(code).join(' '),
    cell(afterwards ?? ''),
    passesOf(passes ?? {}),
    (stands ?? []).map(code).join(' '),
    cell(limits ?? ''),
    cell(repeat ?? ''),
    cell(source),
  ];
}

const codesOf = (codes: Readonly<Record<string, Within>>) => Object.keys(codes).map(code).join(' ');

function passesOf(passes: Readonly<Record<string, Within>>): string {
  const of = (within: Within) =>
    Object.entries(passes)
      .filter(([, one]) => one === within)
      .map(([name]) => code(name))
      .join(' ');
  return (['seconds', 'minutes'] as const)
    .filter((within) => of(within))
    .map((within) => `${within}: ${of(within)}`)
    .join('; ');
}
