import type { DrillResult, ExecutionResult } from '../scenario/result';
import type { Definition } from './dot';

/** Where the events of a report come from. */
export type Origin = 'drill' | 'stage' | 'history';

/** An execution and the machine it ran. */
export type ReportExecution = ExecutionResult & {
  /** Undefined when the machine is not one of ours: then there is no picture. */
  definition?: Definition;
  /** Its page in the AWS console, for one that really ran there. */
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

/** Everything that a report shows. Plain data, so that the same data always gives the same page. */
export interface ReportInput extends Pick<DrillResult, Shown> {
  name: string;
  story: string;
  origin: Origin;
  /** For example "stage dev, mode act". */
  setting: string;
  /** Whether all came as the scenario expects; undefined where nothing was expected. */
  ok?: boolean;
  executions: ReportExecution[];
  /** Whether the history goes on where the export of it ends. */
  isCut?: boolean;
  /** What a reader should know of what the run was made from. */
  remarks?: string[];
}

/** What a drill brought to light as a report's input. */
export function fromDrill(result: DrillResult, definitionOf: (machine: string) => Definition | undefined): ReportInput {
  const { scenario, executions, ...rest } = result;
  const definitions = new Map<string, Definition | undefined>();
  return {
    ...rest,
    name: scenario.name,
    story: scenario.story,
    origin: 'drill',
    setting: `stage ${scenario.stage}, mode ${scenario.mode}, seed ${scenario.seed}`,
    executions: executions.map((execution) => {
      if (!definitions.has(execution.machine)) definitions.set(execution.machine, definitionOf(execution.machine));
      const definition = definitions.get(execution.machine);
      return { ...execution, ...(definition ? { definition } : {}) };
    }),
  };
}
