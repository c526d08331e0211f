import type { Review } from '../../functions/review/review';
import { generalChecks } from '../scenario/check';
import type { DrillResult, ExecutionResult } from '../scenario/result';
import type { Definition } from './dot';

/** Where the events of a report come from. */
export type Origin = 'drill' | 'stage' | 'history';

/** An execution and the machine it ran. */
export type ReportExecution = ExecutionResult & {
  /** Undefined for a machine that is not one of ours, which then has no graph. */
  definition?: Definition;
  /** Its page in the AWS console, if it ran there. */
  consoleUrl?: string;
};

type Shown =
  | 'startedAt'
  | 'endedAt'
  | 'alarms'
  | 'metrics'
  | 'instances'
  | 'ledger'
  | 'incidents'
  | 'notices'
  | 'deadLetters'
  | 'checks';

/** The content of a report. Plain data, so that the same data always gives the same page. */
export interface ReportInput extends Pick<DrillResult, Shown> {
  name: string;
  story: string;
  origin: Origin;
  /** The playbook that it is about. */
  playbook?: string;
  /** For example "stage dev, mode act". */
  setting: string;
  /** Whether all expectations were met; undefined without expectations. */
  ok?: boolean;
  /** How it is said that they were met, and that they were not; "as expected" unless given. */
  okWords?: readonly [met: string, notMet: string];
  /** The review of a drill that ends in one. */
  review?: Review;
  executions: ReportExecution[];
  /** Whether the history continues after the end of its export. */
  isCut?: boolean;
  /** Notes for the reader on the input of the run. */
  remarks?: string[];
}

/** A drill's result as the input of a report. */
export function fromDrill(result: DrillResult, definitionOf: (machine: string) => Definition | undefined): ReportInput {
  const { scenario, executions, ok, ...rest } = result;
  const isExpecting = result.checks.some(({ what }) => !generalChecks.includes(what));
  const definitions = new Map<string, Definition | undefined>();
  return {
    ...rest,
    // A recorded series expects nothing; only an invariant that was broken is told then.
    ...(isExpecting || !ok ? { ok } : {}),
    name: scenario.name,
    story: scenario.story,
    playbook: scenario.playbook,
    origin: 'drill',
    setting: `stage ${scenario.stage}, mode ${scenario.mode}, seed ${scenario.seed}`,
    executions: executions.map((execution) => {
      if (!definitions.has(execution.machine)) definitions.set(execution.machine, definitionOf(execution.machine));
      const definition = definitions.get(execution.machine);
      return { ...execution, ...(definition ? { definition } : {}) };
    }),
  };
}
