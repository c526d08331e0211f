import { changesOf, madeBy } from './changes';
import type { CallFact, RunFacts, Violation } from './facts';
import { keyOf } from './owners';
import { isOf, recordOf } from './records';

type Item = Record<string, unknown>;

/** Steps that undo, evict or expire need no yes of their own: what they take back was approved, or is over. */
const withoutApproval = /^(Delete|Revoke)/;

/** What a person has to have approved before a call, by the playbook that makes it; undefined where nobody is asked. */
function subjectOf({ command, input }: CallFact, playbook: unknown): string | undefined {
  if (command === 'PutRolePolicy') return 'revoke-sessions';
  if (withoutApproval.test(command)) return undefined;
  if (playbook === 'release-instance') return command === 'Publish' ? undefined : 'release';
  if (playbook === 'isolate-instance') return command === 'Publish' ? undefined : 'isolate';
  if (playbook === 'block-traffic' && /^(CreateNetworkAclEntry|UpdateIPSet)$/.test(command)) return 'block';
  const operation = (input as { Parameters?: { Operation?: string[] } }).Parameters?.Operation?.[0];
  return command === 'SendCommand' && operation === 'Install' ? 'install' : undefined;
}

/** Changes outside our own table and topic. */
const reachesOut = ({ service }: CallFact) => !['dynamodb', 'sns', 'states'].includes(service);

/** L: no change without its intent and, where one is needed, an unspent approval of exactly this by this execution. */
export function onlyApproved(facts: RunFacts): Violation[] {
  if (!facts.told) return [];
  return changesOf(facts)
    .filter(reachesOut)
    .flatMap((call) => {
      const record = recordOf(facts, madeBy(call));
      if (!record) return byNobody(call, facts);
      const missing = [...withoutIntent(call, record, facts), ...withoutYes(call, record, facts)];
      return missing.map((what): Violation => ({ invariant: 'L', what: `${call.command} (call ${call.seq}) ${what}` }));
    });
}

/** A step that somebody called by himself belongs to no execution; schedules and rules of the stack are their own. */
function byNobody(call: CallFact, { executions }: RunFacts): Violation[] {
  const by = madeBy(call);
  if (by === 'events' || executions.some(({ id }) => id === by)) return [];
  return [{ invariant: 'L', what: `${call.command} (call ${call.seq}) was made outside any execution` }];
}

/** The entry that has to stand in the timeline before a change of power, or before patches are installed. */
const intents: Readonly<Record<string, string>> = {
  StopInstances: 'stop-requested',
  StartInstances: 'start-requested',
  RebootInstances: 'reboot-requested',
  SendCommand: 'patch-requested',
  CreateSnapshots: 'snapshots-requested',
};

/** By the order of the calls, not by the times that the steps wrote down: their clocks may be wrong. */
function withoutIntent({ command, seq }: CallFact, { incidentId }: Item, { calls, items }: RunFacts): string[] {
  const key = intents[command];
  if (!key) return [];
  const item = `INCIDENT#${incidentId} ENTRY#${key}`;
  const isKept = items.some(({ pk, sk }) => `${pk} ${sk}` === item);
  const isFirst = calls.some((call) => call.command === 'PutItem' && call.seq < seq && keyOf(call) === item);
  return isKept && isFirst ? [] : [`was made without its intent (${key})`];
}

function withoutYes(
  call: CallFact,
  { incidentId, executionId, playbook }: Item,
  { calls, items, instances }: RunFacts,
): string[] {
  const subject = subjectOf(call, playbook);
  if (!subject) return [];
  // The stage does without approval of releases, as the plan says.
  const plan = items.find(({ pk, sk }) => pk === `INCIDENT#${incidentId}` && sk === 'ENTRY#plan');
  if (subject === 'release' && (plan?.before as Item | undefined)?.approval === 'never') return [];
  const question = items.find(
    ({ pk, sk }) => isOf(pk, ['APPROVAL', 'INCIDENT'], incidentId) && sk === `APPROVAL#${subject}`,
  );
  if (question?.answer !== 'yes' || !isSavedBefore(question, call, calls))
    return [`was made before anybody approved it (${subject})`];
  if (question.executionId !== executionId) return [`was approved for another execution (${subject})`];
  const target = (question.target ?? {}) as { instanceId?: string; cidrs?: string[]; reboot?: string };
  const foreign = instances
    .filter(({ instanceId, interfaces }) => {
      const ids = [instanceId, ...interfaces.map(({ networkInterfaceId }) => networkInterfaceId)];
      return instanceId !== target.instanceId && call.resources.some((id) => ids.includes(id));
    })
    .map(({ instanceId }) => `changed ${instanceId}, and ${target.instanceId} was approved`);
  const others = rangesOf(call).filter((range) => target.cidrs && !target.cidrs.includes(range));
  const reboot = (call.input as { Parameters?: { RebootOption?: string[] } }).Parameters?.RebootOption?.[0];
  return [
    ...foreign,
    ...(subject === 'block' && call.command === 'CreateNetworkAclEntry' ? others : []).map(
      (range) => `denied ${range}, which nobody approved`,
    ),
    ...(subject === 'install' && reboot !== target.reboot ? [`used ${reboot}, and ${target.reboot} was approved`] : []),
  ];
}

/**
 * Whether the yes was saved before a call: by the order of the calls, because the clock of the step that saved it may be
 * wrong. Only a run without that call is judged by the time in the item.
 */
function isSavedBefore(question: Item, { seq, at }: CallFact, calls: readonly CallFact[]): boolean {
  const key = `${question.pk} ${question.sk}`;
  const saving = calls.filter(
    (call) => call.command === 'UpdateItem' && call.result !== 'error' && keyOf(call) === key && savesYes(call),
  );
  return saving.length > 0 ? saving.some((call) => call.seq < seq) : Date.parse(String(question.answeredAt)) <= at;
}

/** The write that completes the answer with a yes; one of several yeses alone does not. */
function savesYes({ input }: CallFact): boolean {
  const values = (input as { ExpressionAttributeValues?: Record<string, unknown> }).ExpressionAttributeValues ?? {};
  const textOf = (value: unknown) => (value as { S?: string } | undefined)?.S ?? value;
  return textOf(values[':answer']) === 'yes' && textOf(values[':delivering']) === 'DELIVERING';
}

function rangesOf({ input }: CallFact): string[] {
  const { CidrBlock, Ipv6CidrBlock } = input as { CidrBlock?: string; Ipv6CidrBlock?: string };
  return [CidrBlock, Ipv6CidrBlock].filter((range): range is string => range !== undefined);
}
