import { eligibilityRules, type Rule } from '../guard/eligibility';
import * as z from '../shared/schema';
import type { DataPoint } from './metrics/catalogue';

/** What is known of one code besides the reason that comes with it. */
export interface CodeFacts {
  /** The steps that say it, by their names in the log. */
  by: string;
  /** What the operator does about it. */
  todo: string;
  /** What it is counted as, besides its outcome. */
  counts?: readonly Omit<DataPoint, 'playbook'>[];
  /** Another incident's notice tells it. */
  isToldElsewhere?: true;
  /** The trouble turned out to be none, or went by itself. No data is not that: an instance that died sends none. */
  isNeedless?: true;
}

const said = (by: string, todo: string, more: Partial<CodeFacts> = {}): CodeFacts => ({ by, todo, ...more });

const refusals = [{ name: 'GuardRefusals', value: 1 }] as const;
/** A guard, not the alarm itself, ended the run. */
const refused = (by: string, todo: string, more: Partial<CodeFacts> = {}) =>
  said(by, todo, { counts: refusals, ...more });

const eligibility = Object.fromEntries(
  Object.entries<Rule>(eligibilityRules).map(([code, { todo, by }]) => [
    code,
    refused(by ?? 'check-eligibility', todo),
  ]),
) as Record<keyof typeof eligibilityRules, CodeFacts>;

const agree = 'decide whether you agree';
const lookNow = 'look at the instance now: nobody knows how it was left';
const failed = 'close-incident, record-rejection';

/** Every code that an incident can end with. docs/outcomes.md is made from it. */
export const codeTable = {
  // What came
  'no-instance': said('read-alarm, read-finding', 'name exactly one instance; what is about something else is yours'),
  'several-instances': said('read-alarm', 'give each instance an alarm of its own'),
  'wrong-account': said('read-alarm, read-finding', 'nothing, unless the stage should handle that account'),
  'wrong-region': said('read-alarm, read-finding', 'nothing, unless the stage should handle that region'),
  'not-in-alarm': said('read-alarm', 'nothing'),
  'alarm-muted': said('read-alarm', 'nothing, until the mute rule ends'),
  'alarm-suppressed': said('read-alarm', 'nothing, until its composite alarm suppresses it no longer'),
  'sample-finding': said('read-finding, read-block', 'nothing'),
  'finding-archived': said('read-finding, read-block', 'nothing'),
  'below-severity': said(
    'read-finding, read-block',
    'read it in GuardDuty; the stage sets which severity starts a playbook',
  ),
  'no-single-address': said('read-block', 'read the finding, and start the playbook with the range to block'),
  'not-a-cidr': said('read-block', 'start it again with a range such as 203.0.113.0/24'),
  storm: said('open-incident, score-batch, sweep-alarms', 'find the one cause of the storm', { isToldElsewhere: true }),
  'alarm-deleted': said('confirm-alarm', 'nothing'),
  'alarm-recovered': said('confirm-alarm', 'nothing', { isNeedless: true }),
  'alarm-superseded': said('confirm-alarm', 'nothing; the newer event is handled', { isNeedless: true }),
  'alarm-unknown': said('confirm-alarm', 'find out why the alarm has no data: an instance that died sends none'),
  'alarm-actions-disabled': said('confirm-alarm', 'enable its actions when the maintenance is over'),

  // Guards
  ...eligibility,
  joined: refused('take-lease', 'read the incident that it joined', { isToldElsewhere: true }),
  cooldown: refused('take-lease', 'look at the instance if the alarm stands: automation has just acted on it'),
  held: refused('hold-instance', 'wait for that incident to end, and start again'),
  'mode-is-observe': refused('close-incident', 'nothing; set `mode: act` for the stage if it should act'),
  'kill-switch-on': refused('close-incident', 'nothing, until the [kill switch](operating.md#the-kill-switch) is off'),
  'lease-lost': refused(
    'close-incident',
    'start the playbook again if the trouble stands: another incident has taken over',
  ),
  'breaker-open': refused('plan-action', 'find out why so many instances needed help at once', {
    counts: [...refusals, { name: 'BreakerOpen', value: 1 }],
  }),
  'not-running': refused('check-patching', 'start the instance, and patch it then'),
  'no-interface': refused('plan-isolation', 'look at the instance: it has no network interface to cut'),
  'too-wide': refused('check-range', 'block a narrower range, or widen what the stage allows'),
  'reserved-range': refused('check-range', 'nothing; such a range is never blocked'),
  'own-range': refused('check-range', 'look for the attacker elsewhere: the range is yours'),

  // The score and the plan
  'score-veto': said('plan-action', 'nothing, unless the review names it as a wrong veto', {
    counts: [{ name: 'Vetoes', value: 1 }],
    isNeedless: true,
  }),
  'score-escalates': said('plan-action', 'look at the instance: its metrics say that a restart would not help'),
  'score-unknown': said('plan-action', 'look at the instance: its metrics do not say whether there is trouble'),
  'ladder-end': said('plan-action', 'find the cause: restarting has not helped'),
  'would-reboot': said('plan-action', agree),
  'would-stop-start': said('plan-action', agree),

  // Restarting
  'not-out-of-service': said('take-out-of-service', 'look at the Auto Scaling group and the target groups'),
  'stop-hangs': said('watch-instance', 'stop it by force, or ask AWS Support; then start it'),
  'did-not-start': said('watch-instance', "start the instance; the reason has EC2's own words"),
  'unhealthy-after-start': said('watch-instance', 'look at its status checks and its console output'),
  'not-back-in-service': said('put-back-in-service', 'put the instance back in service'),
  recovered: said('check-recovery', 'nothing now'),
  'other-alarms': said('check-recovery', 'look at the other alarms of the instance'),
  'worse-after-action': said('check-recovery', 'look at the instance now'),
  'no-data-after-action': said('check-recovery', 'find out why the alarm has no data'),
  'still-in-alarm': said('check-recovery', 'the cause is elsewhere: find it'),

  // A person's answer
  denied: said('answer-approval', 'nothing; a person said no'),
  'no-answer': said('expire-approval', 'look at what was asked, and start the playbook again if it is still wanted'),
  'would-isolate': said('answer-approval', agree),
  'would-revoke-sessions': said('answer-approval', agree),
  'would-block': said('answer-approval', agree),
  'would-install': said('answer-approval', agree),

  // Isolating, releasing, blocking, patching
  'already-isolated': said('plan-isolation', 'read the incident that isolated it'),
  isolated: said('judge-isolation', 'look into it; then [release](operating.md#release-an-isolated-instance) it'),
  'not-contained': said('judge-isolation', 'do what the reason says is missing, or release the instance'),
  'already-released': said('plan-release', 'nothing'),
  'would-release': said('plan-release', agree),
  released: said('judge-release', 'watch it serve'),
  'not-released': said('judge-release', 'put back what the reason names'),
  'already-blocked': said('check-range, reserve-block', 'nothing, until that block ends'),
  blocked: said('judge-block', 'nothing; it ends by itself'),
  'partly-blocked': said('judge-block', 'block the range where the reason says it is missing'),
  'not-blocked': said('judge-block', "block the range yourself; the reason has AWS's own words"),
  'not-managed': said('check-patching', 'check its agent, its role and the endpoints of Systems Manager'),
  'would-scan': said('check-patching', agree),
  'patch-command-failed': said('watch-patching', "read the command's output in Systems Manager"),
  'patch-times-out': said('watch-patching', "read the command's output in Systems Manager: it may still be running"),
  scanned: said('read-compliance', 'read the counts'),
  patched: said('read-compliance', 'nothing'),
  'patches-left': said('read-compliance', 'read in Systems Manager which patches failed'),
  'reboot-pending': said('read-compliance', 'reboot the instance when it suits its owner'),
  'no-compliance': said('read-compliance', 'scan it again'),

  // Patrols
  'status-check': said('score-batch', 'look at the instance: a status check fails'),
  anomaly: said('score-batch', 'look at the metric before the alarm does'),
  forecast: said('score-batch', 'make room before the threshold is reached'),
  'alarm-unattended': said('sweep-alarms', 'find out why no event came, and start the playbook if it should act'),
  'alarm-left': said('sweep-alarms', 'start the playbook if it should be tried again'),

  // How it was left
  'left-stopped': said('close-incident', 'start the instance now'),
  'left-out-of-service': said('close-incident', 'put the instance back in service now'),
  'instance-gone': said('close-incident', 'find out who terminated it'),
  'no-conclusion': said('close-incident', 'report it: this is a defect'),
  'execution-failed': said('close-orphan', lookNow),
  'execution-timed-out': said('close-orphan', lookNow),
  'execution-aborted': said('close-orphan', lookNow),

  // Errors, by their names: see codeOf
  'input-not-understood': said('record-rejection', 'fix the sender; the reason names the field'),
  throttled: said(failed, 'look at the instance and start again: AWS has asked to slow down all the while'),
  'service-unavailable': said(failed, 'look at the AWS Health Dashboard and the instance, and start again'),
  'not-authorized': said(failed, "give the step's role what the reason names, or find out what forbids it"),
  'incorrect-instance-state': said(failed, 'look at the instance: somebody else may be changing its state'),
  'insufficient-capacity': said(failed, 'start the instance later, as another type or in another zone'),
  'operation-refused': said(failed, "read EC2's own words in the reason"),
  'aws-call': said(failed, "read AWS's own words in the reason"),
  'still-stopping': said(failed, 'wait until the instance is stopped, and start it'),
  'not-verified': said(failed, 'look at what the reason names; the record has the state before each change'),
  'not-approved': said(failed, 'start again, and answer the question'),
  'network-acl-full': said(failed, 'delete entries of the network ACL, or block the range elsewhere'),
  'changed-since': said(failed, 'put it back yourself if you agree: somebody has changed it since'),
  'not-its-isolation': said(failed, 'start the release with the incident that isolated this instance'),
  'not-its-interface': said(failed, 'look at the network interfaces of the instance: they have changed meanwhile'),
  'not-its-groups': said(failed, 'look at the security groups that the reason names'),
  'not-its-profile': said(failed, 'look at the instance profile: it has changed meanwhile'),
  'no-role': said(failed, 'look at the instance profile: there is no role whose sessions could be revoked'),
  'record-incomplete': said(failed, 'put it back yourself: the record of the isolation does not say how it was'),
  'record-version': said(failed, 'deploy the newer release again: it wrote the record'),
  'invalid-input': said(failed, 'report it: a step was given what it does not understand'),
  'states-timeout': said(failed, 'open the execution: a step took too long every time'),
  'states-task-failed': said(failed, "open the execution: it has the failure's own words"),
  'states-runtime': said(failed, 'report it: the machine could not go on'),
  'states-data-limit-exceeded': said(failed, 'report it: the state of the machine has grown too large'),
  'lambda-unknown': said(failed, 'open the log of the step: it ended without an answer'),
  'lambda-service': said(failed, 'start again: Lambda had a fault of its own'),
  'lambda-awslambda': said(failed, 'start again: Lambda had a fault of its own'),
  'lambda-sdk-client': said(failed, 'start again: Lambda could not be reached'),
  'lambda-too-many-requests': said(failed, "raise the concurrency of the account's functions"),
  'lambda-client-execution-timeout': said(failed, 'start again: Lambda did not answer in time'),
  'runtime-exit': said(failed, 'open the log of the step: it crashed every time'),
  'sandbox-timedout': said(failed, 'open the log of the step: it ran into its time limit every time'),
  'step-failed': said(failed, 'report it: nobody expected this error; the reason names it'),

  // Not from here
  'only-told': said('a new playbook', 'nothing; give your playbook codes of its own'),
  unlisted: said('another release', 'read the reason: this release does not list the code'),
} satisfies Record<string, CodeFacts>;

export type Code = keyof typeof codeTable;
export const codes = Object.keys(codeTable) as Code[];

export const isCode = (text: string): text is Code => Object.hasOwn(codeTable, text);

/** A code out of a record or a state; one that this release does not list, as a former one may have, is `unlisted`. */
export const codeSchema = z.pipe(
  z.string(),
  z.transform((text: string): Code => (isCode(text) ? text : 'unlisted')),
);

/** Whether a code means that a guard said no. */
export const isGuardRefusal = (code: Code): boolean =>
  factsOf(code).counts?.some(({ name }) => name === 'GuardRefusals') ?? false;

/** What the catalogue says of a code. */
export const factsOf = (code: Code): CodeFacts => codeTable[isCode(code) ? code : 'unlisted'];
