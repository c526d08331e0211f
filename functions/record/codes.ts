import { eligibilityRules, type Rule } from '../guard/eligibility';
import * as z from '../shared/schema';
import type { DataPoint } from './metrics/catalogue';

/** The catalogue entry of a code. */
export interface CodeFacts {
  /** The steps that report it, by their names in the log. */
  by: string;
  /** What the operator should do. */
  todo: string;
  /** What else it is counted as, in addition to its outcome. */
  counts?: readonly Omit<DataPoint, 'playbook'>[];
  /** Another incident's notice covers it. */
  isToldElsewhere?: true;
  /** There was no real trouble, or it ended on its own. Missing data does not count: a dead instance sends none. */
  isNeedless?: true;
}

const said = (by: string, todo: string, more: Partial<CodeFacts> = {}): CodeFacts => ({ by, todo, ...more });

const refusals = [{ name: 'GuardRefusals', value: 1 }] as const;
/** A guard, not the alarm itself, ended the run. */
const refused = (by: string, todo: string, more: Partial<CodeFacts> = {}) =>
  said(by, todo, { counts: refusals, ...more });

const eligibility = Object.fromEntries(
  Object.entries<Rule>(eligibilityRules).map(([code, { todo, by }]) => [code, refused(by ?? 'look-at-instance', todo)]),
) as Record<keyof typeof eligibilityRules, CodeFacts>;

const agree = 'decide whether you agree';
const lookNow = 'check the instance now: its state is unknown';
const failed = 'close-incident, record-rejection';

/** Every code that an incident can end with. docs/outcomes.md is generated from it. */
export const codeTable = {
  // Events
  'no-instance': said(
    'read-alarm, read-finding',
    'let the alarm name exactly one instance; handle anything else yourself',
  ),
  'several-instances': said('read-alarm', 'create one alarm per instance'),
  'wrong-account': said('read-alarm, read-finding', 'nothing, unless this stage should handle that account'),
  'wrong-region': said('read-alarm, read-finding', 'nothing, unless this stage should handle that region'),
  'not-in-alarm': said('read-alarm', 'nothing'),
  'told-by-contributors': said('read-alarm', 'nothing: each series of the alarm has its own incident', {
    isToldElsewhere: true,
  }),
  'alarm-muted': said('read-alarm', 'nothing until the mute rule ends'),
  'alarm-suppressed': said('read-alarm', 'nothing while its composite alarm suppresses it'),
  'sample-finding': said('read-finding, read-block', 'nothing'),
  'finding-archived': said('read-finding, read-block', 'nothing'),
  'below-severity': said('read-finding, read-block', 'read it in GuardDuty; the stage sets the minimum severity'),
  'no-single-address': said('read-block', 'read the finding, and start the playbook with the range to block'),
  'not-a-cidr': said('read-block', 'start the playbook again with a range such as 203.0.113.0/24'),
  storm: said('open-incident, score-batch, sweep-alarms', 'find the common cause', { isToldElsewhere: true }),
  'alarm-deleted': said('confirm-alarm', 'nothing'),
  'alarm-recovered': said('read-alarm, confirm-alarm', 'nothing', { isNeedless: true }),
  'alarm-superseded': said('confirm-alarm', 'nothing; the newer event is handled', { isNeedless: true }),
  'alarm-unknown': said('confirm-alarm', 'find out why the alarm has no data: a dead instance sends none'),
  'alarm-actions-disabled': said('confirm-alarm', 'enable its actions after the maintenance'),

  // Guards
  ...eligibility,
  joined: refused('hold-instance', 'read the incident that it joined', { isToldElsewhere: true }),
  'mark-not-confirmed': refused(
    'look-at-instance, check-patching',
    'find out who tagged the instance as quarantined: no record confirms it',
  ),
  cooldown: refused('hold-instance', 'check the instance if the alarm stays on: automation has just acted on it'),
  held: refused('hold-instance', 'wait for that incident to end, then start again'),
  'mode-is-observe': refused('close-incident', 'nothing; set `mode: act` for the stage if it should act'),
  'kill-switch-on': refused('close-incident', 'nothing while the [kill switch](operating.md#the-kill-switch) is on'),
  'lease-lost': refused(
    'close-incident',
    'start the playbook again if the trouble continues: another incident has taken over',
  ),
  'breaker-open': refused('plan-action', 'find out why so many instances needed help at once', {
    counts: [...refusals, { name: 'BreakerOpen', value: 1 }],
  }),
  'not-running': refused('check-patching', 'start the instance, then patch it'),
  'no-interface': refused('plan-isolation', 'check the instance: it has no network interface to isolate'),
  'too-wide': refused('check-range', 'block a narrower range, or allow wider ones in the stage'),
  'reserved-range': refused('check-range', 'nothing; reserved ranges are never blocked'),
  'own-range': refused('check-range', 'look for the attacker elsewhere: the range is yours'),

  // The score and the plan
  'score-veto': said('plan-action', 'nothing, unless the review lists it as a wrong veto', {
    counts: [{ name: 'Vetoes', value: 1 }],
    isNeedless: true,
  }),
  'wrong-threshold': said('plan-action', 'set the threshold that the reason proposes: the alarm is nearly always on', {
    counts: [{ name: 'Vetoes', value: 1 }],
    isNeedless: true,
  }),
  'score-escalates': said('plan-action', 'check the instance: its metrics show that a restart would not help'),
  'score-unknown': said('plan-action', 'check the instance: its metrics do not show whether there is trouble'),
  'ladder-end': said('plan-action', 'find the cause: restarting has not helped'),
  'would-reboot': said('plan-action', agree),
  'would-stop-start': said('plan-action', agree),

  // Restarting
  'not-out-of-service': said('take-out-of-service', 'check the Auto Scaling group and the target groups'),
  'stop-hangs': said('watch-instance', 'force the stop, or ask AWS Support; then start the instance'),
  'did-not-start': said('watch-instance', "start the instance; the reason quotes EC2's error"),
  'unhealthy-after-start': said('watch-instance', 'check its status checks and console output'),
  'not-back-in-service': said('put-back-in-service', 'put the instance back in service'),
  recovered: said('check-recovery', 'nothing'),
  'other-alarms': said('check-recovery', 'check the other alarms of the instance'),
  'worse-after-action': said('check-recovery', 'check the instance now'),
  'no-data-after-action': said('check-recovery', 'find out why the alarm has no data'),
  'still-in-alarm': said('check-recovery', 'find the cause elsewhere'),

  // A person's answer
  denied: said('answer-approval', 'nothing; someone said no'),
  'no-answer': said('expire-approval', 'review the request, and start the playbook again if still needed'),
  'would-isolate': said('answer-approval', agree),
  'would-revoke-sessions': said('answer-approval', agree),
  'would-block': said('answer-approval', agree),
  'would-install': said('answer-approval', agree),

  // Isolating, releasing, blocking, patching
  'isolated-in-part': said('plan-isolation', 'complete the isolation in the reason, or release it and start again'),
  'already-isolated': said('plan-isolation', 'read the incident that isolated it'),
  isolated: said(
    'judge-isolation',
    'investigate, then [release](operating.md#release-an-isolated-instance) the instance',
  ),
  'not-contained': said('judge-isolation', 'complete what the reason lists as missing, or release the instance'),
  'already-released': said('plan-release', 'nothing'),
  'would-release': said('plan-release', agree),
  released: said('judge-release', 'check that it serves traffic'),
  'not-released': said('judge-release', 'restore what the reason lists'),
  'already-blocked': said('check-range, reserve-block', 'nothing until that block expires'),
  blocked: said('judge-block', 'nothing; the block expires'),
  'partly-blocked': said('judge-block', 'block the range in the places that the reason lists'),
  'not-blocked': said('judge-block', 'block the range yourself; the reason quotes the AWS error'),
  'not-managed': said('check-patching', 'check the SSM Agent, the instance role and the endpoints'),
  'would-scan': said('check-patching', agree),
  'patch-command-failed': said('watch-patching', "read the command's output in Systems Manager"),
  'patch-times-out': said('watch-patching', "read the command's output in Systems Manager: it may still be running"),
  scanned: said('read-compliance', 'read the counts'),
  patched: said('read-compliance', 'nothing'),
  'patches-left': said('read-compliance', 'look up the failed patches in Systems Manager'),
  'reboot-pending': said('read-compliance', 'reboot the instance when its owner agrees'),
  'no-compliance': said('read-compliance', 'scan it again'),

  // Patrols
  'status-check': said('score-batch', 'check the instance: a status check fails'),
  anomaly: said('score-batch', 'look at the metric before its alarm fires'),
  forecast: said('score-batch', 'add capacity before the threshold is reached'),
  'alarm-unattended': said('sweep-alarms', 'find out why no event arrived, and start the playbook if needed'),
  'alarm-left': said('sweep-alarms', 'start the playbook to try again'),

  // How the instance was left
  'left-stopped': said('close-incident', 'start the instance now'),
  'left-out-of-service': said('close-incident', 'put the instance back in service now'),
  'instance-gone': said('close-incident', 'find out who terminated it'),
  'end-not-recorded': said('close-incident', 'find out in CloudTrail who called a step outside its execution'),
  'no-conclusion': said('close-incident', 'report this defect'),
  'execution-failed': said('close-orphan', lookNow),
  'execution-timed-out': said('close-orphan', lookNow),
  'execution-aborted': said('close-orphan', lookNow),

  // Errors, by their names: see codeOf
  'input-not-understood': said('record-rejection', 'fix the sender; the reason names the field'),
  throttled: said(failed, 'check the instance, then start again: AWS throttled every attempt'),
  'service-unavailable': said(failed, 'check the AWS Health Dashboard and the instance, then start again'),
  'not-authorized': said(failed, "grant the step's role the permission in the reason, or find out what denies it"),
  busy: said(failed, 'check the resource in the reason: another operation on it outlasted all retries'),
  'incorrect-instance-state': said(failed, 'check the instance: someone else may be changing its state'),
  'insufficient-capacity': said(failed, 'start the instance later, as another type, or in another zone'),
  'operation-refused': said(failed, "read EC2's error in the reason"),
  'aws-call': said(failed, 'read the AWS error in the reason'),
  'still-stopping': said(failed, 'wait until the instance is stopped, then start it'),
  'not-verified': said(failed, 'check what the reason lists; the record has the state before each change'),
  'not-approved': said(failed, 'start again, and answer the request for approval'),
  'already-answered': said(failed, 'start again: approval was requested again after it was answered'),
  'another-question': said(failed, 'find out who requested approval for this incident, then start again'),
  'question-still-open': said(failed, 'compare the clocks: the execution gave up before the answer was due'),
  'out-of-turn': said(failed, 'find out in CloudTrail who called a step outside its execution'),
  'range-refused': said(failed, 'look for the attacker elsewhere: this range is never blocked'),
  'network-acl-full': said(failed, 'delete entries of the network ACL, or block the range elsewhere'),
  'changed-since': said(failed, 'restore it yourself if needed: someone has changed it since'),
  'not-its-isolation': said(failed, 'start the release with the incident that isolated this instance'),
  'not-its-interface': said(failed, 'check the network interfaces of the instance: they have changed'),
  'service-interface': said(failed, 'use the service that owns the network interface: nothing else can change it'),
  'not-its-groups': said(failed, 'check the security groups in the reason'),
  'not-its-profile': said(failed, 'check the instance profile: it has changed'),
  'no-role': said(failed, 'check the instance profile: it has no role whose sessions could be revoked'),
  'record-incomplete': said(failed, 'restore it yourself: the record does not have the original state'),
  'record-version': said(failed, 'deploy the newer release that wrote the record'),
  'invalid-input': said(failed, 'report this defect: a step received invalid input'),
  'states-timeout': said(failed, 'open the execution: a step timed out on every attempt'),
  'states-task-failed': said(failed, 'open the execution: it has the error message'),
  'states-runtime': said(failed, 'report this defect: the state machine could not continue'),
  'states-data-limit-exceeded': said(failed, 'report this defect: the execution state is too large'),
  'lambda-unknown': said(failed, 'open the log of the step: it ended without a response'),
  'lambda-service': said(failed, 'start again: Lambda had an internal error'),
  'lambda-awslambda': said(failed, 'start again: Lambda had an internal error'),
  'lambda-sdk-client': said(failed, 'start again: Lambda could not be reached'),
  'lambda-too-many-requests': said(failed, "raise the account's Lambda concurrency limit"),
  'lambda-client-execution-timeout': said(failed, 'start again: Lambda did not respond in time'),
  'runtime-exit': said(failed, 'open the log of the step: it crashed on every attempt'),
  'sandbox-timedout': said(failed, 'open the log of the step: it timed out on every attempt'),
  'step-failed': said(failed, 'report this unexpected error; the reason names it'),

  // Not in this release
  'only-told': said('a new playbook', 'nothing; give your playbook its own codes'),
  unlisted: said('another release', 'read the reason: this release does not list the code'),
} satisfies Record<string, CodeFacts>;

export type Code = keyof typeof codeTable;
export const codes = Object.keys(codeTable) as Code[];

export const isCode = (text: string): text is Code => Object.hasOwn(codeTable, text);

/** A code from a record or a state; one that this release does not know, for example an older one, is `unlisted`. */
export const codeSchema = z.pipe(
  z.string(),
  z.transform((text: string): Code => (isCode(text) ? text : 'unlisted')),
);

/** Whether a code means that a guard refused. */
export const isGuardRefusal = (code: Code): boolean =>
  factsOf(code).counts?.some(({ name }) => name === 'GuardRefusals') ?? false;

/** The catalogue entry of a code. */
export const factsOf = (code: Code): CodeFacts => codeTable[isCode(code) ? code : 'unlisted'];
