import type { Subject, Target } from './targets';

/** Parts of an isolation that a stage may leave out; each is approved by name, or with what it is about to do. */
export type IsolationPart =
  | 'switchMetadataOff'
  | 'endSessions'
  | { snapshotLock: string }
  | { evidenceAccountId: string };

/** What a step is about to change, as far as requests distinguish it. */
export type ApprovedChange =
  | { subject: 'isolate'; instanceId: string; part?: IsolationPart }
  | { subject: 'revoke-sessions'; instanceId: string; profileArn: string }
  | { subject: 'block'; cidr: string; minutes: number; isAws?: boolean }
  | { subject: 'release'; instanceId: string; isolatedBy: string }
  | { subject: 'move-host'; instanceId: string; code: string }
  | { subject: 'install'; instanceId: string; reboot: string };

type ChangeOf<S extends Subject> = Extract<ApprovedChange, { subject: S }>;

const checks: { [S in Subject]: (target: Target<S>, change: ChangeOf<S>) => boolean } = {
  isolate: (target, { instanceId, part }) =>
    target.instanceId === instanceId && (part === undefined || hasPart(target, part)),
  'revoke-sessions': (target, change) =>
    target.instanceId === change.instanceId && target.profileArn === change.profileArn,
  block: (target, { cidr, minutes, isAws = false }) =>
    target.cidrs.includes(cidr) &&
    target.minutes === minutes &&
    (!isAws || target.awsRanges?.some((one) => one.cidr === cidr) === true),
  release: (target, change) => target.instanceId === change.instanceId && target.isolatedBy === change.isolatedBy,
  'move-host': (target, change) => target.instanceId === change.instanceId && target.code === change.code,
  install: (target, change) => target.instanceId === change.instanceId && target.reboot === change.reboot,
};

const hasPart = (target: Target<'isolate'>, part: IsolationPart): boolean =>
  typeof part === 'string'
    ? target[part] === true
    : Object.entries(part).every(([name, wanted]) => target[name as keyof typeof target] === wanted);

/** Whether a change is covered by a request. Pure. */
export function covers<S extends Subject>(target: Target<S>, change: ChangeOf<S>): boolean {
  const check = checks[change.subject as S] as (target: Target<S>, change: ChangeOf<S>) => boolean;
  return check(target, change);
}
