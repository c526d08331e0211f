import { type Outcome, outcomes } from '../outcomes';

/** The CloudWatch namespace of the automation's own metrics. */
export const namespace = 'IncidentPlaybooks';

export type Unit = 'Count' | 'Seconds';

/** A datapoint about the automation. Every metric has the dimensions service and Stage, and Playbook if given. */
export interface DataPoint {
  name: MetricName;
  value: number;
  playbook?: string;
}

/** The metric that counts an outcome: RESOLVED → Resolved. */
export const outcomeMetric = (outcome: Outcome): string => outcome.charAt(0) + outcome.slice(1).toLowerCase();

const ofIncidents = {
  Incidents: 'Count',
  Vetoes: 'Count',
  GuardRefusals: 'Count',
  BreakerOpen: 'Count',
  Storms: 'Count',
  TimeToAct: 'Seconds',
  TimeToRecover: 'Seconds',
  Duration: 'Seconds',
} as const satisfies Record<string, Unit>;

const ofStage = {
  NoticesDue: 'Count',
  EnrolledInstances: 'Count',
  AlarmsRepaired: 'Count',
  PatrolledInstances: 'Count',
  UnattendedAlarms: 'Count',
  PortScanSources: 'Count',
  LogSearchFailures: 'Count',
} as const satisfies Record<string, Unit>;

export type MetricName = keyof typeof ofIncidents | keyof typeof ofStage | `${Capitalize<Lowercase<Outcome>>}`;

/** Every metric that the code emits, with unit and dimensions: the dashboard may use no other. */
export const catalogue: ReadonlyMap<string, { unit: Unit; dimensions: readonly string[] }> = new Map([
  ...outcomes.map((outcome) => entry(outcomeMetric(outcome), 'Count', ['service', 'Stage', 'Playbook'])),
  ...Object.entries(ofIncidents).map(([name, unit]) => entry(name, unit, ['service', 'Stage', 'Playbook'])),
  ...Object.entries(ofStage).map(([name, unit]) => entry(name, unit, ['service', 'Stage'])),
]);

function entry(name: string, unit: Unit, dimensions: readonly string[]) {
  return [name, { unit, dimensions }] as const;
}
