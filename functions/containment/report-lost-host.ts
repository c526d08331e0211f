import { readGuard } from '../guard/lease';
import { type Notice, toNotice } from '../notice/message';
import { consoleLink } from '../notice/notice';
import { publish } from '../notice/publish';
import { subjectOf } from '../notice/subject';
import { newIncidentSchema } from '../record/incident';
import { type Loss, lossEntry, wordsOfLoss } from '../record/lost-host';
import type { Severity } from '../record/outcomes';
import { hasEntry, readEntry, recordKey, writeEntry } from '../record/store';
import { readItem } from '../shared/clients/table';
import type { Config } from '../shared/config';
import { instanceIdSchema } from '../shared/identifiers';
import { parseWith } from '../shared/parse';
import * as z from '../shared/schema';
import { step } from '../shared/step';
import { behindEntry, behindSchema } from './go-behind';
import { changeKey } from './saved';

/** "EC2 Instance State-change Notification". Source: EC2 user guide, "Monitor your instances using EventBridge". */
const input = z.object({
  time: z.matching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/, 'an instant in UTC'),
  detail: z.object({
    'instance-id': instanceIdSchema,
    state: z.enum(['stopping', 'stopped', 'shutting-down', 'terminated']),
  }),
});

const lossOf = (state: z.output<typeof input>['detail']['state']): Loss =>
  state === 'stopping' || state === 'stopped' ? 'stopped' : 'terminated';

/**
 * Pages at once if the host of an isolation that is under way is stopped or terminated, whoever does it: a person, Auto
 * Scaling, or the host itself. The entry in the record keeps the incident from ending well. Of a host that is isolated
 * already it tells without a page.
 */
export const handler = step('report-lost-host', input, async ({ detail, time }, { clock, config }) => {
  const loss = lossOf(detail.state);
  const guard = await readGuard(detail['instance-id'], config);
  const incident =
    (await findIsolation([guard.claimedBy, guard.holder], config)) ?? (await findEnded(guard.lastHolder, time, config));
  if (!incident) return { verdict: 'NOT_BEING_ISOLATED' };
  if (loss === 'stopped' && (await isRestarting(incident, guard.holder, config)))
    return { verdict: 'STOPPED_BY_RESTART' };
  const entry = lossEntry(loss);
  if (await hasEntry(incident.incidentId, entry, config)) return { verdict: 'REPORTED_BEFORE' };
  // The page first: a crash in between pages twice, which is better than never.
  const isUnderWay = incident.closedAt === undefined || time <= incident.closedAt;
  await publish(noticeOf(incident, loss, isUnderWay ? 'page' : 'look', config), config);
  await writeEntry(incident.incidentId, { key: entry, at: clock.now().toISOString(), what: wordsOfLoss[loss] }, config);
  return { verdict: 'REPORTED', incidentId: incident.incidentId };
});

const isolationSchema = z.extend(newIncidentSchema, {
  playbook: z.literal('isolate-instance'),
  closedAt: z.optional(z.string()),
  outcome: z.optional(z.string()),
});
type Isolation = z.output<typeof isolationSchema>;

async function readIsolation(incidentId: string, config: Config): Promise<Isolation | undefined> {
  const record = await readItem(recordKey(incidentId), config);
  return record?.playbook === 'isolate-instance' ? parseWith(isolationSchema, record, 'record') : undefined;
}

/** The open isolation among the incidents that hold or claim the instance. */
async function findIsolation(ids: (string | undefined)[], config: Config): Promise<Isolation | undefined> {
  for (const id of ids) {
    const isolation = id === undefined ? undefined : await readIsolation(id, config);
    if (isolation && isolation.closedAt === undefined) return isolation;
  }
  return undefined;
}

/** The isolation that held the instance last, if the event is older than its end, or if the instance is still isolated. */
async function findEnded(id: string | undefined, time: string, config: Config): Promise<Isolation | undefined> {
  const isolation = id === undefined ? undefined : await readIsolation(id, config);
  if (!isolation?.closedAt) return undefined;
  const { incidentId, closedAt, outcome = '' } = isolation;
  if (time <= closedAt) return isolation;
  const isIsolated =
    ['CONTAINED', 'PARTIAL'].includes(outcome) && (await hasEntry(incidentId, changeKey('tag'), config));
  return isIsolated ? isolation : undefined;
}

const wordsOfEnded: Readonly<Record<Loss, string>> = {
  terminated: 'The isolated instance was terminated.',
  stopped: 'The isolated instance was stopped: its memory is lost.',
};

/** Whether a restart of ours, behind which the isolation waits or waited, has stopped the instance. */
async function isRestarting({ incidentId }: Isolation, holder: string | undefined, config: Config): Promise<boolean> {
  const behind = behindSchema.safeParse((await readEntry(incidentId, behindEntry, config))?.before);
  const restart = behind.data?.holder ?? holder;
  if (restart === undefined || restart === incidentId) return false;
  return (await hasEntry(restart, 'stop-requested', config)) && !(await hasEntry(restart, 'start-requested', config));
}

function noticeOf(isolation: Isolation, loss: Loss, severity: Severity, config: Config): Notice {
  const { incidentId, executionId, instanceId = 'unknown', drill, playbook } = isolation;
  const region = process.env.AWS_REGION ?? 'us-east-1';
  const link = consoleLink(executionId, region);
  const todo = 'Find out in CloudTrail who did it, and whether its volumes and snapshots are kept.';
  return toNotice({
    thread: incidentId,
    id: `${incidentId}-${loss}`,
    title: subjectOf({ drill, outcome: 'ESCALATED', playbook }, `${instanceId} WAS ${loss.toUpperCase()}`),
    mark: '🚨',
    text: [
      `${instanceId}: ${severity === 'page' ? wordsOfLoss[loss] : wordsOfEnded[loss]} ${todo}`,
      '',
      ...[`Stage: ${config.STAGE}`, `Severity: ${severity}`, `Execution: ${link}`, `Incident: ${incidentId}`],
    ].join('\n'),
    severity,
    nextSteps: [`Open the execution: ${link}`],
    keywords: [playbook, config.STAGE, 'ESCALATED', severity],
    eventType: 'ESCALATED',
    relatedResources: [instanceId],
  });
}
