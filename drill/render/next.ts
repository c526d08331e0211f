import type { DrillResult } from '../scenario/result';
import type { Paint } from './paint';
import { shown } from './shown';

export interface NextOptions {
  isVerbose: boolean;
  /** Whether it was one of the catalogue's scenarios, and not a recorded series. */
  isScenario: boolean;
  report?: string | undefined;
}

/** Scenarios that lead on, each another end than the last. */
const others: [name: string, about: string][] = [
  ['stop-hangs', 'a stop that hangs'],
  ['daily-peak', 'an alarm that is vetoed'],
  ['guardduty-isolate', 'a finding is contained'],
];

/** What to try next, after a drill. Pure. */
export function nextLines({ scenario, ok }: DrillResult, options: NextOptions, paint: Paint): string[] {
  const { isVerbose, isScenario, report } = options;
  const own = isScenario ? shown(scenario.name) : '--metrics FILE';
  const other = others.find(([name]) => name !== scenario.name)!;
  const all: [command: string, about: string][] = [
    ...(isVerbose ? [] : ([[`${own} --verbose`, 'every state']] as [string, string][])),
    ...(report === undefined ? ([[`${own} --report reports`, 'a page of it']] as [string, string][]) : []),
    ...(ok && isScenario ? [other] : []),
    ['--list', 'all scenarios'],
  ];
  const width = Math.max(...all.map(([command]) => command.length));
  return [
    '',
    paint('bold', 'Next'),
    ...all.map(([command, about]) => `  npm run drill -- ${command.padEnd(width)}  ${paint('dim', about)}`),
  ];
}
