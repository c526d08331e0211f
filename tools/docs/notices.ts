import { loadScenario, scenarioNames } from '../../drill/scenario/load';
import type { DrillResult } from '../../drill/scenario/result';
import { runScenario } from '../../drill/scenario/run';
import { cell, table } from './markdown';

export const noticesFile = 'docs/notices.md';

/** Weeks, a thousand alarms, half a day of patrols: their notices are of the same kinds, and they take minutes. */
export const longDrills = ['month', 'patrol-ahead', 'storm'];

/** What a page of notices shows of one. */
export type Told = Pick<DrillResult['notices'][number], 'subject' | 'message'>;

/** Every notice of the catalogue's drills, by scenario. */
export async function noticesOfCatalogue(): Promise<Map<string, Told[]>> {
  const told = new Map<string, Told[]>();
  for (const name of await scenarioNames()) {
    if (longDrills.includes(name)) continue;
    told.set(name, (await runScenario(await loadScenario(name))).notices);
  }
  return told;
}

/** What a notice says before its details: its first paragraphs, up to the first line of facts. */
function wordsOf(message: string): { words: string; todo: string } {
  const lines = message.split('\n');
  // A page that a machine sends by itself is one line.
  if (lines.length === 1) {
    const [reason = '', ...facts] = message.split(' | ');
    const [, todo = '', command = ''] = /^Do this: ([^|]*?): ((?:aws|npm) .*)$/.exec(facts[0] ?? '') ?? [];
    return { words: reason.trim(), todo: command ? `${todo}.<br>\`${command.trim()}\`` : '' };
  }
  const answer = lines.find((line) => line.startsWith('Yes: '));
  if (answer) return { words: lines[0] ?? '', todo: `Answer yes or no.<br>\`${answer.replace('Yes: ', '')}\`` };
  const [words = '', second = ''] = message.split('\n\n');
  const [todo = '', command = ''] = second.startsWith('Do this: ') ? second.split('\n') : [];
  const code = command.trim() === '' ? '' : `<br>\`${command.trim()}\``;
  return { words, todo: `${todo.replace('Do this: ', '')}${code}` };
}

const kinds: [title: string, isOne: (told: Told) => boolean][] = [
  ['An incident that needs somebody now', ({ subject = '' }) => subject.startsWith('PAGE ESCALATED')],
  ['An incident that somebody should look at', ({ subject = '' }) => subject.startsWith('LOOK ')],
  ['An incident that needs no action', ({ subject = '' }) => subject.startsWith('INFO RESOLVED')],
  ['A request for approval', ({ subject = '' }) => subject.startsWith('PAGE Approve')],
  ['The last resort, sent without a function', ({ message }) => message.includes(' | Severity: page')],
  ['Alarms were created', ({ subject = '' }) => subject.includes('Enrolment of')],
];

/** The text of every notice that the drills send, so that it can be read aloud. Pure; ends with a line break. */
export function noticesPage(told: ReadonlyMap<string, readonly Told[]>): string {
  const rows = new Map<string, string[]>();
  for (const [scenario, notices] of told)
    for (const { subject = '', message } of notices) {
      const { words, todo } = wordsOf(message);
      // The same words on another instance are no other text.
      const key = [subject, words].join('\n').replaceAll(/\b(?:i|inc)-[0-9a-f]{8,}/g, 'ID');
      if (!rows.has(key)) rows.set(key, [cell(subject), cell(words), cell(todo), scenario]);
    }
  const all = [...told.values()].flat();
  const examples = kinds.flatMap(([title, isOne]) => {
    const one = all.find(isOne);
    return one ? [`### ${title}`, `\`\`\`text\nSubject: ${one.subject ?? ''}\n\n${one.message}\n\`\`\``] : [];
  });
  const blocks = [
    '# Notices',
    '<!-- Made by `npm run docs` from the notices of the drills -->',
    'What people are told, word for word, by the drills of the catalogue. The first word of a subject is the severity: `PAGE` needs somebody now, `LOOK` today, `INFO` never. Each notice leads to the [line for its code](codes.md).',
    '## Whole texts',
    ...examples,
    '## Every text',
    table(
      ['subject', 'text', 'do this', 'drill'],
      [...rows.values()].sort((a, b) => a.join().localeCompare(b.join(), 'en')),
    ),
  ];
  return `${blocks.join('\n\n')}\n`;
}
