import { eligibilityCodes, eligibilityRules, type Rule } from '../guard/eligibility';
import * as z from '../shared/schema';
import type { DataPoint } from './metrics/catalogue';

/** The line of the operating guide on a code. */
interface Guide {
  /** The steps that report it, by their names in the log. */
  by: string;
  /** What the operator should do. */
  todo: string;
}

/** What sets a code apart, besides its line in the guide. */
export interface CodeFacts {
  /** What else it is counted as, in addition to its outcome. */
  counts?: readonly Omit<DataPoint, 'playbook'>[];
  /** Another incident's notice covers it. */
  isReportedElsewhere?: true;
  /** There was no real trouble, or it ended on its own. Missing data does not count: a dead instance sends none. */
  isNeedless?: true;
}

const agree = 'decide whether you agree';
const lookNow = 'check the instance now: its state is unknown';
const failed = 'close-incident, record-rejection';

/**
 * The codes that an incident can end with, besides the eligibility rules'. Plain text without a call, so that only
 * functions that read it are deployed with it: most need the type alone.
 */
const guide = {
  // Events
  'no-instance': {
    by: 'read-alarm, read-finding',
    todo: 'let the alarm name exactly one instance; handle anything else yourself',
  },
  'several-instances': {
    by: 'read-alarm, read-finding',
    todo: 'create one alarm per instance; after a finding, start the playbook for each instance',
  },
  'wrong-account': { by: 'read-alarm, read-finding', todo: 'nothing, unless this stage should handle that account' },
  'wrong-region': { by: 'read-alarm, read-finding', todo: 'nothing, unless this stage should handle that region' },
  'place-not-listed': {
    by: 'read-alarm, read-block, read-patch, read-maintenance, close-incident, record-rejection',
    todo: "name an account of the stage's list, in its region, and start the playbook again",
  },
  'place-contradicted': {
    by: 'read-alarm, read-finding, read-block, tell-finding',
    todo: 'create the alarm in the account and region of the instance; for a finding, find out who sent it',
  },
  'not-in-alarm': { by: 'read-alarm', todo: 'nothing' },
  'told-by-contributors': { by: 'read-alarm', todo: 'nothing: each series of the alarm has its own incident' },
  'alarm-muted': { by: 'read-alarm', todo: 'nothing until the mute rule ends' },
  'alarm-suppressed': { by: 'read-alarm', todo: 'nothing while its composite alarm suppresses it' },
  'sample-finding': { by: 'read-finding, read-block', todo: 'nothing' },
  'finding-archived': { by: 'read-finding, read-block', todo: 'nothing' },
  'finding-not-found': {
    by: 'confirm-finding',
    todo: 'find out who sent the event, and whether GuardDuty was switched off in the account in the reason',
  },
  'finding-contradicted': {
    by: 'confirm-finding',
    todo: 'read the finding in GuardDuty, find out who sent the event, and start the playbook for what GuardDuty names',
  },
  'finding-archived-since': {
    by: 'confirm-finding',
    todo: 'find out who archived it; if the threat is real, start the playbook yourself',
  },
  'not-handled': {
    by: 'tell-finding',
    todo: 'read the finding in GuardDuty, and decide: [which findings start what](findings.md)',
  },
  'below-severity': {
    by: 'read-finding, read-block, tell-finding',
    todo: 'read it in GuardDuty; the stage sets the minimum severity',
  },
  'no-blocks-there': { by: 'read-block', todo: 'block the range in that account yourself' },
  'no-single-address': { by: 'read-block', todo: 'read the finding, and start the playbook with the range to block' },
  investigated: {
    by: 'investigate',
    todo: 'read who did what, and decide whether it was meant; the reason says what would stop it',
  },
  'own-change': { by: 'investigate', todo: 'nothing: the incident of that playbook has the change' },
  'no-sources': {
    by: 'find-sources',
    todo: 'look in the log that the alarm counts: no address stands out; block a range yourself if one does',
  },
  'sources-unknown': {
    by: 'find-sources',
    todo: 'look for the sources in the log yourself; the reason says why it could not be searched',
  },
  'not-a-cidr': { by: 'read-block', todo: 'start the playbook again with a range such as 203.0.113.0/24' },
  storm: { by: 'open-incident, score-batch, sweep-alarms, tell-finding', todo: 'find the common cause' },
  'many-alike': {
    by: 'close-incident, record-rejection',
    todo: 'nothing, unless their number surprises you: then find out what sends them',
  },
  'alarm-deleted': { by: 'confirm-alarm', todo: 'nothing' },
  'alarm-recovered': { by: 'read-alarm, confirm-alarm', todo: 'nothing' },
  'alarm-superseded': { by: 'confirm-alarm', todo: 'nothing; the newer event is handled' },
  'alarm-unknown': { by: 'confirm-alarm', todo: 'find out why the alarm has no data: a dead instance sends none' },
  'alarm-actions-disabled': { by: 'confirm-alarm', todo: 'enable its actions after the maintenance' },

  // Guards
  joined: { by: 'hold-instance', todo: 'read the incident that it joined' },
  'mark-not-confirmed': {
    by: 'look-at-instance, check-patching',
    todo: 'find out who tagged the instance as quarantined: no record confirms it',
  },
  cooldown: { by: 'hold-instance', todo: 'check the instance if the alarm stays on: automation has just acted on it' },
  held: { by: 'hold-instance', todo: 'wait for that incident to end, then start again' },
  'mode-is-observe': { by: 'close-incident', todo: 'nothing; set `mode: act` for the stage if it should act' },
  'kill-switch-on': {
    by: 'close-incident',
    todo: 'nothing while the [kill switch](operating.md#the-kill-switch) is on',
  },
  'lease-lost': {
    by: 'close-incident',
    todo: 'start the playbook again if the trouble continues: another incident has taken over',
  },
  'breaker-open': { by: 'plan-action', todo: 'find out why so many instances needed help at once' },
  'not-running': { by: 'check-patching', todo: 'start the instance, then patch it' },
  'no-interface': { by: 'plan-isolation', todo: 'check the instance: it has no network interface to isolate' },
  'too-wide': { by: 'check-range', todo: 'block a narrower range, or allow wider ones in the stage' },
  'reserved-range': { by: 'check-range', todo: 'nothing; reserved ranges are never blocked' },
  'never-block': {
    by: 'check-range',
    todo: 'nothing; change `neverBlock` of the stage if the range should not be on it',
  },
  'own-range': { by: 'check-range', todo: 'look for the attacker elsewhere: the range is yours' },

  // The score and the plan
  'score-veto': { by: 'plan-action', todo: 'nothing, unless the review lists it as a wrong veto' },
  'wrong-threshold': {
    by: 'plan-action',
    todo: 'set the threshold that the reason proposes: the alarm is nearly always on',
  },
  'score-escalates': { by: 'plan-action', todo: 'check the instance: its metrics show that a restart would not help' },
  'score-unknown': { by: 'plan-action', todo: 'check the instance: its metrics do not show whether there is trouble' },
  'disk-full': {
    by: 'plan-action',
    todo: 'free space on the disk in the alarm, or enlarge its volume and file system',
  },
  'memory-full': {
    by: 'plan-action',
    todo: 'find what takes the memory; where a restart helps, say so for the group of the instance',
  },
  'process-missing': {
    by: 'plan-action',
    todo: 'start the process in the alarm, and find why it ended; where a restart helps, say so for the group of the instance',
  },
  'ladder-end': { by: 'plan-action', todo: 'find the cause: restarting has not helped' },
  'would-reboot': { by: 'plan-action', todo: agree },
  'would-stop-start': { by: 'plan-action', todo: agree },

  // Restarting
  'starts-fail-here': {
    by: 'take-out-of-service',
    todo: 'check the AWS Health Dashboard and the instances that did not start; nothing more is stopped there meanwhile',
  },
  'health-issue-open': {
    by: 'look-at-instance, take-out-of-service',
    todo: 'follow the issue in the AWS Health Dashboard; move the load elsewhere, or restart the instance yourself',
  },
  'host-impaired': {
    by: 'look-at-instance, take-out-of-service',
    todo: 'read the event in the reason; a stop and start moves the instance to another host',
  },
  'last-healthy': {
    by: 'take-out-of-service',
    todo: 'add a healthy member to the group, restart it yourself, or set the tag in the reason',
  },
  'turn-not-free': {
    by: 'take-out-of-service',
    todo: 'bring back the instance in the reason; then check this one',
  },
  'not-out-of-service': { by: 'take-out-of-service', todo: 'check the Auto Scaling group and the target groups' },
  'stop-hangs': { by: 'watch-instance', todo: 'force the stop, or ask AWS Support; then start the instance' },
  'did-not-start': { by: 'watch-instance', todo: "start the instance; the reason quotes EC2's error" },
  'unhealthy-after-start': { by: 'watch-instance', todo: 'check its status checks and console output' },
  'not-back-in-service': { by: 'put-back-in-service', todo: 'put the instance back in service' },
  recovered: { by: 'check-recovery', todo: 'nothing' },
  'other-alarms': { by: 'check-recovery', todo: 'check the other alarms of the instance' },
  'worse-after-action': { by: 'check-recovery', todo: 'check the instance now' },
  'no-data-after-action': { by: 'check-recovery', todo: 'find out why the alarm has no data' },
  'still-in-alarm': { by: 'check-recovery', todo: 'find the cause elsewhere' },

  // A person's answer
  denied: { by: 'answer-approval', todo: 'nothing; someone said no' },
  'no-answer': { by: 'expire-approval', todo: 'review the request, and start the playbook again if still needed' },
  'would-isolate': { by: 'answer-approval', todo: agree },
  'would-revoke-sessions': { by: 'answer-approval', todo: agree },
  'would-block': { by: 'answer-approval', todo: agree },
  'would-install': { by: 'answer-approval', todo: agree },
  'would-move-host': { by: 'answer-approval', todo: agree },

  // Hosts
  'maintenance-over': { by: 'look-at-host', todo: 'nothing' },
  'group-replaces': { by: 'look-at-host', todo: 'nothing, unless the group may not replace its members' },
  'host-needs-person': {
    by: 'look-at-host',
    todo: 'stop and start the instance before the date in the reason, or replace it',
  },
  'restart-started': { by: 'start-restart', todo: 'read the incident of the restart' },

  // Isolating, releasing, blocking, patching
  'isolated-in-part': {
    by: 'plan-isolation',
    todo: 'complete the isolation in the reason, or release it and start again',
  },
  'already-isolated': { by: 'plan-isolation', todo: 'read the incident that isolated it' },
  isolated: {
    by: 'judge-isolation',
    todo: 'investigate, then [release](operating.md#release-an-isolated-instance) the instance',
  },
  'not-contained': {
    by: 'judge-isolation',
    todo: 'complete what the reason lists as missing, or release the instance',
  },
  'already-released': { by: 'plan-release', todo: 'nothing' },
  'would-release': { by: 'plan-release', todo: agree },
  released: { by: 'judge-release', todo: 'check that it serves traffic' },
  'not-released': { by: 'judge-release', todo: 'restore what the reason lists' },
  'already-blocked': { by: 'check-range, reserve-block', todo: 'nothing until that block expires' },
  grouped: { by: 'group-blocks', todo: 'read the incident that requests approval for all of them' },
  'too-many-isolations': {
    by: 'plan-isolation',
    todo: 'list the incidents, find the common cause, and start isolate-instance for each instance that you want to isolate',
  },
  'group-full': {
    by: 'group-blocks',
    todo: 'block a range that has the addresses, or block them at the edge of the network',
  },
  blocked: { by: 'judge-block', todo: 'nothing; the block expires' },
  'partly-blocked': { by: 'judge-block', todo: 'block the range in the places that the reason lists' },
  'not-blocked': { by: 'judge-block', todo: 'block the range yourself; the reason quotes the AWS error' },
  'not-managed': { by: 'check-patching', todo: 'check the SSM Agent, the instance role and the endpoints' },
  'would-scan': { by: 'check-patching', todo: agree },
  'patch-command-failed': { by: 'watch-patching', todo: "read the command's output in Systems Manager" },
  'patch-times-out': {
    by: 'watch-patching',
    todo: "read the command's output in Systems Manager: it may still be running",
  },
  scanned: { by: 'read-compliance', todo: 'read the counts' },
  patched: { by: 'read-compliance', todo: 'nothing' },
  'patches-left': { by: 'read-compliance', todo: 'look up the failed patches in Systems Manager' },
  'reboot-pending': { by: 'read-compliance', todo: 'reboot the instance when its owner agrees' },
  'no-compliance': { by: 'read-compliance', todo: 'scan it again' },

  // Patrols
  'status-check': { by: 'score-batch', todo: 'check the instance: a status check fails' },
  anomaly: { by: 'score-batch', todo: 'look at the metric before its alarm fires' },
  forecast: { by: 'score-batch', todo: 'add capacity before the threshold is reached' },
  'alarm-unattended': { by: 'sweep-alarms', todo: 'find out why no event arrived, and start the playbook if needed' },
  'alarm-left': { by: 'sweep-alarms', todo: 'start the playbook to try again' },

  // How the instance was left
  'left-stopped': { by: 'close-incident', todo: 'start the instance now' },
  'left-out-of-service': { by: 'close-incident', todo: 'put the instance back in service now' },
  'instance-gone': { by: 'close-incident', todo: 'find out who terminated it' },
  'instance-stopped': {
    by: 'close-incident',
    todo: 'find out in CloudTrail who stopped it while it was being isolated',
  },
  'end-not-recorded': { by: 'close-incident', todo: 'find out in CloudTrail who called a step outside its execution' },
  'no-conclusion': { by: 'close-incident', todo: 'report this defect' },
  'execution-failed': { by: 'close-orphan', todo: lookNow },
  'execution-timed-out': { by: 'close-orphan', todo: lookNow },
  'execution-aborted': { by: 'close-orphan', todo: lookNow },

  // Errors, by their names: see codeOf
  'input-not-understood': { by: 'record-rejection', todo: 'fix the sender; the reason names the field' },
  throttled: { by: failed, todo: 'check the instance, then start again: AWS throttled every attempt' },
  'service-unavailable': { by: failed, todo: 'check the AWS Health Dashboard and the instance, then start again' },
  'not-authorized': {
    by: failed,
    todo: "grant the step's role the permission in the reason, or find out what denies it",
  },
  'place-unreachable': {
    by: 'close-incident, record-rejection, sweep-alarms',
    todo: 'look at the instance in the account in the reason; deploy its roles again, or take it off the list',
  },
  busy: { by: failed, todo: 'check the resource in the reason: another operation on it outlasted all retries' },
  'incorrect-instance-state': { by: failed, todo: 'check the instance: someone else may be changing its state' },
  'insufficient-capacity': { by: failed, todo: 'start the instance later, as another type, or in another zone' },
  'operation-refused': { by: failed, todo: "read EC2's error in the reason" },
  'aws-call': { by: failed, todo: 'read the AWS error in the reason' },
  'still-stopping': { by: failed, todo: 'wait until the instance is stopped, then start it' },
  'not-verified': { by: failed, todo: 'check what the reason lists; the record has the state before each change' },
  'not-approved': { by: failed, todo: 'start again, and answer the request for approval' },
  'already-answered': { by: failed, todo: 'start again: approval was requested again after it was answered' },
  'another-question': { by: failed, todo: 'find out who requested approval for this incident, then start again' },
  'question-still-open': { by: failed, todo: 'compare the clocks: the execution gave up before the answer was due' },
  'out-of-turn': { by: failed, todo: 'find out in CloudTrail who called a step outside its execution' },
  'range-refused': { by: failed, todo: 'look for the attacker elsewhere: this range is never blocked' },
  'network-acl-full': { by: failed, todo: 'delete entries of the network ACL, or block the range elsewhere' },
  'changed-since': { by: failed, todo: 'restore it yourself if needed: someone has changed it since' },
  'not-its-isolation': { by: failed, todo: 'start the release with the incident that isolated this instance' },
  'not-its-interface': { by: failed, todo: 'check the network interfaces of the instance: they have changed' },
  'service-interface': {
    by: failed,
    todo: 'use the service that owns the network interface: nothing else can change it',
  },
  'not-its-groups': { by: failed, todo: 'check the security groups in the reason' },
  'not-its-profile': { by: failed, todo: 'check the instance profile: it has changed' },
  'no-role': { by: failed, todo: 'check the instance profile: it has no role whose sessions could be revoked' },
  'isolation-under-way': { by: failed, todo: 'wait until the isolation has ended, then start the release again' },
  'record-incomplete': { by: failed, todo: 'restore it yourself: the record does not have the original state' },
  'record-version': { by: failed, todo: 'deploy the newer release that wrote the record' },
  'invalid-input': { by: failed, todo: 'report this defect: a step received invalid input' },
  'states-timeout': { by: failed, todo: 'open the execution: a step timed out on every attempt' },
  'states-task-failed': { by: failed, todo: 'open the execution: it has the error message' },
  'states-runtime': { by: failed, todo: 'report this defect: the state machine could not continue' },
  'states-data-limit-exceeded': { by: failed, todo: 'report this defect: the execution state is too large' },
  'lambda-unknown': { by: failed, todo: 'open the log of the step: it ended without a response' },
  'lambda-service': { by: failed, todo: 'start again: Lambda had an internal error' },
  'lambda-awslambda': { by: failed, todo: 'start again: Lambda had an internal error' },
  'lambda-sdk-client': { by: failed, todo: 'start again: Lambda could not be reached' },
  'lambda-too-many-requests': { by: failed, todo: "raise the account's Lambda concurrency limit" },
  'lambda-client-execution-timeout': { by: failed, todo: 'start again: Lambda did not respond in time' },
  'runtime-exit': { by: failed, todo: 'open the log of the step: it crashed on every attempt' },
  'sandbox-timedout': { by: failed, todo: 'open the log of the step: it timed out on every attempt' },
  'step-failed': { by: failed, todo: 'report this unexpected error; the reason names it' },

  // Not in this release
  'only-told': { by: 'a new playbook', todo: 'nothing; give your playbook its own codes' },
} satisfies Record<string, Guide>;

export type Code = keyof typeof guide | keyof typeof eligibilityRules;

const refusals = [{ name: 'GuardRefusals', value: 1 }] as const;
/** A guard, not the alarm itself, ended the run. */
const refused: CodeFacts = { counts: refusals };
const vetoed: CodeFacts = { counts: [{ name: 'Vetoes', value: 1 }], isNeedless: true };

const special: Partial<Record<Code, CodeFacts>> = {
  'told-by-contributors': { isReportedElsewhere: true },
  storm: { isReportedElsewhere: true },
  'alarm-recovered': { isNeedless: true },
  'alarm-superseded': { isNeedless: true },
  grouped: { isReportedElsewhere: true },
  'restart-started': { isReportedElsewhere: true },
  joined: { ...refused, isReportedElsewhere: true },
  'mark-not-confirmed': refused,
  cooldown: refused,
  held: refused,
  'mode-is-observe': refused,
  'kill-switch-on': refused,
  'lease-lost': refused,
  'starts-fail-here': refused,
  'health-issue-open': refused,
  'host-impaired': refused,
  'last-healthy': refused,
  'turn-not-free': refused,
  'breaker-open': { counts: [...refusals, { name: 'BreakerOpen', value: 1 }] },
  'not-running': refused,
  'no-interface': refused,
  'too-wide': refused,
  'reserved-range': refused,
  'never-block': refused,
  'own-range': refused,
  'score-veto': vetoed,
  'wrong-threshold': vetoed,
};

const own = <T>(table: Readonly<Partial<Record<Code, T>>>, code: Code): T | undefined =>
  Object.hasOwn(table, code) ? table[code] : undefined;

/** What sets a code apart: nothing for most, and for one of a former release. */
export const factsOf = (code: Code): CodeFacts => own(special, code) ?? (own(eligibilityCodes, code) ? refused : {});

/** Whether a code means that a guard refused. */
export const isGuardRefusal = (code: Code): boolean =>
  factsOf(code).counts?.some(({ name }) => name === 'GuardRefusals') ?? false;

export const isCode = (text: string): text is Code =>
  Object.hasOwn(guide, text) || Object.hasOwn(eligibilityRules, text);

/** A code from a record or a state. One that this release does not list, such as a former one's, passes as it is. */
export const codeSchema = z.string() as z.ZodMiniType<Code>;

/** The whole catalogue, from which docs/outcomes.md is generated. */
export function codeTable(): Map<Code, Guide & CodeFacts> {
  const byRules = Object.entries<Rule>(eligibilityRules).map(
    ([code, { todo, by = 'look-at-instance' }]) => [code, { by, todo }] as const,
  );
  const all = [...byRules, ...Object.entries<Guide>(guide)] as [Code, Guide][];
  return new Map(all.map(([code, line]) => [code, { ...line, ...factsOf(code) }]));
}
