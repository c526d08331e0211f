import { shown } from '../../drill/render/shown';

/** Marks what a run makes; its value is stage and run. */
export const smokeTag = 'incident-playbooks:smoke';

/** Which run of which stage; all runs of a stage without one. */
export interface Run {
  stage: string;
  /** Letters and digits. */
  runId?: string | undefined;
}

/** The value of the tag. EC2's filters read `*` as anything. */
export const tagOf = ({ stage, runId = '*' }: Run): string => `${stage}/${runId}`;

/** What the names of a run's executions begin with. */
export const executionsOf = ({ runId }: Run): string => `smoke-act-${runId === undefined ? '' : `${runId}-`}`;

/** The playbooks that a run starts, in their order. */
export const playbooks = [
  'patch-instance',
  'restart-instance',
  'isolate-instance',
  'release-instance',
  'block-traffic',
];

export const cleanCommand = (stage: string) => `npm run smoke -- --stage ${shown(stage)} --clean`;

/** An address of a range for documentation (TEST-NET-2, RFC 5737): nothing comes from there. */
export const blockedCidr = '198.51.100.77/32';
/** The stage removes an expired block within five minutes. */
export const blockMinutes = 1;
