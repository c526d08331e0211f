import { verdictSchema } from '../approval/approval';
import { step } from '../incident/ending-step';
import { wordsOfFailure } from '../record/conclude';
import { failureSchema } from '../record/failure';
import type { TimelineEntry } from '../record/incident';
import { targetedIncidentSchema } from '../record/leased-incident';
import { lossEntry } from '../record/lost-host';
import { hasEntry, lockedEntry, manifestEntry, readTimeline, writeEntry } from '../record/store';
import type { Config } from '../shared/config';
import { parseWith } from '../shared/parse';
import * as z from '../shared/schema';
import { describeEnvironment } from './describe';
import { environmentSchema } from './environment';
import { readEvidenceSettings } from './evidence-settings';
import { behindEntry, behindSchema } from './go-behind';
import { type IsolationEvidence, judgeIsolation } from './isolation-verdict';
import { quarantinePairs } from './quarantine-groups';
import { quarantineProfileArn } from './quarantine-profile';
import { changeOf } from './saved';
import { hashOfSaved } from './saved-hash';
import { readSecured } from './secured-snapshots';
import { type SnapshotLook, snapshotLookSchema } from './snapshots';

const input = z.object({
  incident: z.extend(targetedIncidentSchema, {
    environment: environmentSchema,
    isolationPlan: z.object({
      detachAddresses: z.boolean(),
      swapProfile: z.boolean(),
      switchMetadataOff: z._default(z.optional(z.boolean()), false),
      endSessions: z._default(z.optional(z.boolean()), false),
    }),
    interfaces: z.optional(
      z.array(z.object({ networkInterfaceId: z.string(), untracked: z.boolean(), failure: z.optional(failureSchema) })),
    ),
    snapshots: z.optional(snapshotLookSchema),
    leaving: z.optional(z.object({ verdict: z.string() })),
    sessionsApproval: z.optional(verdictSchema),
    sessionsEnded: z.optional(z.object({ ended: z.number() })),
    failures: z.optional(z.record(z.string(), failureSchema)),
  }),
});
const environment = z.object({
  /** Empty in a stage without one. */
  EVIDENCE_BUCKET: z._default(z.optional(z.string()), ''),
});

/** Compares plan and actual state, and saves the list of all changes, which a release checks for completeness. */
export const handler = step('judge-isolation', input, async ({ incident }, { clock, config }) => {
  const { incidentId, instanceId } = incident;
  // Read here and not taken from the input, which may come from anyone who can call this step.
  const after = await describeEnvironment(instanceId, config);
  const { EVIDENCE_BUCKET } = parseWith(environment, process.env, 'environment');
  const timeline = await readTimeline(incidentId, config);
  const keys = timeline.map(({ key }) => key);
  const verdict = judgeIsolation({
    incidentId,
    before: incident.environment,
    after,
    plan: incident.isolationPlan,
    pairs: await quarantinePairs(incidentId),
    snapshots: incident.snapshots,
    untracked: (incident.interfaces ?? []).filter(({ untracked }) => untracked).map((one) => one.networkInterfaceId),
    evidenceKept: keys.includes('evidence-kept'),
    secured: await readSecured(completed(incident.snapshots), readEvidenceSettings()),
    evidenceLocked: EVIDENCE_BUCKET === '' ? undefined : isLocked(timeline),
    leaving: incident.leaving,
    sessions: sessionsOf(incident),
    sessionsEnded: incident.sessionsEnded !== undefined,
    quarantineProfileArn: quarantineProfileArn(config),
    failures: failuresOf(incident),
    wasStopped: keys.includes(lossEntry('stopped')),
    stoppedBy: await restartThatStopped(timeline, config),
  });
  const changes = keys.filter((key) => changeOf(key) !== undefined);
  const at = clock.now().toISOString();
  await writeEntry(
    incidentId,
    { key: manifestEntry, at, what: verdict.conclusion.reason, before: { changes, sha256: hashOfSaved(timeline) } },
    config,
  );
  return verdict;
});

/** Those that exist; one that failed or is not done yet is missing anyway. */
const completed = (look: SnapshotLook | undefined) =>
  (look?.seen ?? []).filter(({ state }) => state === 'completed').map(({ snapshotId }) => snapshotId);

/** Whether the bucket has a copy, with the saved states as they are now. */
const isLocked = (timeline: readonly TimelineEntry[]) =>
  timeline.find(({ key }) => key === lockedEntry)?.before?.saved === hashOfSaved(timeline);

/** The restart behind which the isolation waited, if that stopped the instance. */
async function restartThatStopped(timeline: readonly TimelineEntry[], config: Config): Promise<string | undefined> {
  const behind = behindSchema.safeParse(timeline.find(({ key }) => key === behindEntry)?.before);
  const holder = behind.data?.holder;
  return holder !== undefined && (await hasEntry(holder, 'stop-requested', config)) ? holder : undefined;
}

/** The errors of every step that gave up, by interface. */
function failuresOf({ failures = {}, interfaces = [] }: z.output<typeof input>['incident']): string[] {
  const ofSteps = Object.entries(failures).map(([name, failure]) => `${name}: ${wordsOfFailure(failure)}`);
  const ofInterfaces = interfaces.flatMap(({ networkInterfaceId, failure }) =>
    failure ? [`${networkInterfaceId}: ${wordsOfFailure(failure)}`] : [],
  );
  return [...ofSteps, ...ofInterfaces];
}

function sessionsOf({ sessionsApproval, failures }: z.output<typeof input>['incident']): IsolationEvidence['sessions'] {
  if (!sessionsApproval) return failures?.askSessions ? 'failed' : 'not-asked';
  if (sessionsApproval.verdict !== 'APPROVED') return 'not-approved';
  return failures?.revokeSessions ? 'failed' : 'revoked';
}
