import { duration } from '../render/duration';
import { shown } from '../render/shown';
import { tellStory } from '../render/story';
import { endOf, isOver, spanOf, whatToDo } from './end';
import { changesOf, shownExecutions, transitionsOf } from './figures';
import type { ReportInput } from './input';
import { clock, length, moment, plural } from './words';

const mostExecutions = 3;
const mostIncidents = 10;

/** Escapes Markdown and HTML markup in text from outside. */
export function escapeMarkdown(text: string): string {
  return shown(text)
    .replace(/\s*\n\s*/g, ' ')
    .replace(/[\\`*_{}[\]()#+!|<>~@&]/g, '\\$&')
    .replace(/^(\s*)([-=])/, '$1\\$2')
    .replace(/^(\s*\d+)\./, '$1\\.');
}

/** A text from outside as code: nothing in it is markup. */
const code = (text: string) => `\`${shown(text).replace(/[\n`]/g, '\ufffd')}\``;

const table = (head: readonly string[], rows: readonly (readonly string[])[]) =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);

/** A run as Markdown for a ticket: outcome and reason, the path with its times, changes, and the record. Pure. */
export function renderMarkdown(input: ReportInput): string {
  const { name, story, setting, executions, incidents, checks, ok } = input;
  const { from, to } = spanOf(input);
  const { word, why } = endOf(input);
  const wrong = checks.filter((check) => !check.ok);
  const lines = [
    `# ${escapeMarkdown(name)}: ${word}`,
    '',
    escapeMarkdown(why),
    '',
    `- Is it over? ${escapeMarkdown(isOver(input))}`,
    `- What to do: ${escapeMarkdown(whatToDo(input))}`,
    '',
    `${escapeMarkdown(story)} (${escapeMarkdown(setting)}; ${moment(from)}, ${duration(to - from)}, ${plural(executions.length, 'execution')}, ${plural(transitionsOf(executions), 'transition')})`,
    ...(ok === undefined
      ? []
      : [
          '',
          ok
            ? `All ${plural(checks.length, 'check')} passed.`
            : `**${wrong.length} of ${plural(checks.length, 'check')} failed:**`,
        ]),
    ...wrong.map(
      ({ what, expected, actual }) =>
        `- ${escapeMarkdown(what)}: expected ${escapeMarkdown(expected)}, got ${escapeMarkdown(actual)}`,
    ),
    ...shownExecutions(executions, mostExecutions).flatMap((one) => executionLines(one, input)),
    ...changeLines(input),
    ...incidents.slice(0, mostIncidents).flatMap(incidentLines),
    ...(incidents.length > mostIncidents
      ? ['', `${incidents.length - mostIncidents} more incidents are not listed.`]
      : []),
  ];
  return `${lines.join('\n')}\n`;
}

function executionLines(one: ReportInput['executions'][number], { ledger }: ReportInput): string[] {
  const rows = tellStory(one, ledger).map(({ at, state, visits, until, failed }) => [
    clock(at),
    escapeMarkdown(state) + (visits > 1 ? ` × ${visits}` : ''),
    length(until - at),
    failed === undefined ? '' : escapeMarkdown(failed),
  ]);
  const link = one.consoleUrl === undefined ? [] : ['', `[Open in the AWS console](<${encodeURI(one.consoleUrl)}>)`];
  return [
    '',
    `## ${escapeMarkdown(one.machine)}: ${one.status}`,
    ...link,
    '',
    ...table(['Time (UTC)', 'State', 'Duration', 'Error'], rows),
  ];
}

function changeLines(input: ReportInput): string[] {
  const changes = changesOf(input);
  if (changes.length === 0) return [];
  const rows = changes
    .slice(0, 50)
    .map(({ at, service, command, resources }) => [
      clock(at),
      code(`${service}:${command}`),
      code(resources.join(' ')),
    ]);
  const more = changes.length > 50 ? ['', `${changes.length - 50} more changes are not listed.`] : [];
  return ['', '## Changes', '', ...table(['Time (UTC)', 'Call', 'Resource'], rows), ...more];
}

function incidentLines({ incidentId, outcome, status, reason, timeline }: ReportInput['incidents'][number]): string[] {
  return [
    '',
    `## ${code(incidentId)}: ${outcome ?? status}`,
    '',
    escapeMarkdown(reason ?? ''),
    '',
    ...timeline.map(({ at, what }) => `- ${clock(Date.parse(at))} ${escapeMarkdown(what)}`),
  ];
}
