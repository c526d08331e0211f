import { DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import type { CloudEvent } from '../cloud';
import { loadHandler } from '../stack/handlers';
import { seededRandom } from '../stack/ids';
import type { Stack } from '../stack/stack';
import { later } from '../time/later';
import { bruteForce, strangersAlarm, threat } from './events';
import { between, maybe, pick, type Random } from './random';

/** A step that somebody calls by himself, when, and what he claims. */
export interface DirectCall {
  step: string;
  afterSeconds: number;
  /** Whether he names the execution of the record, and so another target; or an execution of his own. */
  knowsExecution: boolean;
  playbook: string;
  /** Whether he claims another place than the record's, where the drill has one. */
  movesPlace?: boolean;
}

/** What somebody with rights that he should not have does besides in a random drill. */
export interface Adversary {
  calls: DirectCall[];
  /** Events in masses: alarms of strangers, one finding again and again, or findings about many addresses or instances. */
  flood?: { of: (typeof floods)[number]; count: number; afterSeconds: number };
}

const steps: readonly [step: string, playbook: string][] = [
  ['instance/stop-instance', 'restart-instance'],
  ['instance/reboot-instance', 'restart-instance'],
  ['service/take-out-of-service', 'restart-instance'],
  ['containment/take-snapshots', 'isolate-instance'],
  ['containment/mark-instance', 'isolate-instance'],
  ['containment/protect-instance', 'isolate-instance'],
  ['containment/swap-profile', 'isolate-instance'],
  ['containment/plan-isolation', 'isolate-instance'],
  ['containment/lock-snapshots', 'isolate-instance'],
  ['containment/share-snapshots', 'isolate-instance'],
  ['containment/switch-metadata-off', 'isolate-instance'],
  ['containment/end-sessions', 'isolate-instance'],
  ['containment/revoke-sessions', 'isolate-instance'],
  ['containment/hold-instance', 'isolate-instance'],
  ['containment/reserve-block', 'block-traffic'],
  ['containment/add-ip-set-entry', 'block-traffic'],
  ['patching/start-patching', 'patch-instance'],
  ['health/start-restart', 'host-maintenance'],
  ['approval/expire-approval', 'isolate-instance'],
  ['approval/ask-approval', 'isolate-instance'],
  ['approval/answer-approval', 'isolate-instance'],
  ['containment/restore-network', 'release-instance'],
  ['containment/restore-instance', 'release-instance'],
  ['containment/restore-sessions', 'release-instance'],
  ['incident/close-incident', 'isolate-instance'],
];

const floods = ['alarms', 'findings', 'addresses', 'instances'] as const;

/** Draws what is done besides the drill itself: in about a third of all drills something is. */
function drawAdversary(random: Random): Adversary {
  const count = random() < 0.3 ? between(random, 1, 5) : 0;
  const calls = Array.from({ length: count }, () => {
    const [step, playbook] = pick(random, steps);
    return { step, playbook, afterSeconds: between(random, 30, 2_400), knowsExecution: random() < 0.5 };
  });
  const [flood] = maybe(random, 0.1, () => ({
    of: pick(random, floods),
    count: between(random, 10, 40),
    afterSeconds: between(random, 10, 1_200),
  }));
  return { calls, ...(flood ? { flood } : {}) };
}

/** The adversary of a seed, from a stream of its own, so that what is drawn here changes no scenario. */
export function adversaryOf(seed: number): Adversary {
  const random = seededRandom(seed + 0x5eed);
  const drawn = drawAdversary(random);
  return { ...drawn, calls: drawn.calls.map((call) => ({ ...call, movesPlace: random() < 0.5 })) };
}

/** Lets him do it. What a step refuses is his to see; what it does, the checker judges. */
export function unleash({ calls, flood }: Adversary, stack: Stack, seed: number): void {
  for (const call of calls) later(call.afterSeconds * 1000, () => void attempt(call, stack).catch(() => {}));
  if (!flood) return;
  const random = seededRandom(seed);
  for (let n = 0; n < flood.count; n++) {
    const instance = stack.instanceIds[0]!;
    const event = eventOf(flood.of, n, instance, random);
    later((flood.afterSeconds + n) * 1000, () => stack.bus.publish(event as unknown as CloudEvent));
  }
}

function eventOf(of: (typeof floods)[number], n: number, instance: string, random: Random): object {
  if (of === 'alarms') return strangersAlarm(n, random);
  if (of === 'addresses') return bruteForce(n, instance, `198.51.100.${n + 1}`);
  // About instances that nobody has: GuardDuty's findings may be older than what they are about.
  return threat(n, of === 'instances' ? `i-${String(n + 1).padStart(17, '0')}` : instance);
}

async function attempt({ step, knowsExecution, playbook, movesPlace }: DirectCall, stack: Stack): Promise<void> {
  const handler = await loadHandler(`functions/${step}.handler`);
  const records = await readRecords(stack);
  const record = records.find((one) => one.playbook === playbook) ?? records[0] ?? {};
  // Who knows the execution and its target would only repeat what its own step does: he goes for another target.
  const other = stack.instanceIds.find((id) => id !== record.instanceId) ?? 'i-0fffffffffffffff0';
  const incident = {
    schemaVersion: 1,
    trigger: 'manual',
    drill: false,
    mode: 'act',
    openedAt: new Date().toISOString(),
    ...record,
    ...(movesPlace ? anotherPlace(record, stack) : {}),
    playbook,
    incidentId: record.incidentId ?? `inc-${'0'.repeat(20)}`,
    executionId: knowsExecution ? record.executionId : 'direct',
    instanceId: knowsExecution ? other : record.instanceId,
    lease: { token: 1, verdict: 'TAKEN' },
    block: { cidr: '0.0.0.0/0', family: 'IPv4', minutes: 5_000_000 },
    request: { reason: 'x', requestedBy: 'y', operation: 'install', reboot: 'RebootIfNeeded' },
    isolation: { conclusion: { outcome: 'CONTAINED', code: 'isolated', reason: 'All is well.' } },
    environment: { interfaces: [], volumes: [], addresses: [] },
    isolationPlan: { detachAddresses: false, swapProfile: false },
  };
  const { incidentId } = incident;
  const answer = {
    incidentId,
    answer: 'yes',
    answeredBy: 'alice',
    body: JSON.stringify({ incidentId, answer: 'yes' }),
  };
  const restore = { change: { kind: 'interface', id: 'eni-00000000000000001' }, isolatedBy: incidentId };
  const asked = { subject: 'isolate', waitSeconds: 3600, taskToken: 'DIRECT', ceilingSeconds: 900 };
  const input = { incident: { ...incident, ...restore }, ...asked, ...answer, ...restore };
  const functionName = `incident-playbooks-dev-${step.split('/')[1]}`;
  const caller = { functionName, executionId: 'direct', stateName: 'Called directly' };
  await stack.cloud.asCaller(caller, async () => handler(input, {}));
}

/** A spoke that the record is not of; of a spoke's record, the own account. */
function anotherPlace({ place }: Record<string, unknown>, { places, region }: Stack): { place?: object | undefined } {
  const [spoke] = places.filter((one) => one.region === region);
  if (place) return { place: undefined };
  return spoke ? { place: { account: spoke.account, region } } : {};
}

async function readRecords({ dynamoDb, variables }: Stack): Promise<Record<string, unknown>[]> {
  const { Items = [] } = await DynamoDBDocumentClient.from(dynamoDb).send(
    new ScanCommand({ TableName: variables.TABLE_NAME, ConsistentRead: true }),
  );
  return Items.filter(({ sk, trigger }) => sk === 'RECORD' && trigger !== 'storm');
}
