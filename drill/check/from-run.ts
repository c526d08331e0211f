import type { CloudEvent } from '../cloud';
import { allowsAll } from '../cloud/ec2/security-groups';
import type { DrillResult } from '../scenario/result';
import type { Stack } from '../stack/stack';
import type { FindingFact, InstanceFact, InterfaceFact, IssueFact, RunFacts, ToldFacts } from './facts';
import { originOf } from './origin';

export type Observed = Pick<
  DrillResult,
  | 'executions'
  | 'ledger'
  | 'items'
  | 'notices'
  | 'logs'
  | 'instances'
  | 'places'
  | 'endedAt'
  | 'events'
  | 'deliveries'
  | 'deadLetters'
>;

/** Brings what a drill observed to the facts that the checker asks for. The stack may have ended already. */
export function factsOf(observed: Observed, stack: Stack, planted: readonly string[]): RunFacts {
  const { variables } = stack;
  return {
    own: stack.cloud.place,
    calls: observed.ledger,
    executions: observed.executions.map(({ id, machine, status, startedAt, redrivenAt, endedAt, history, input }) => ({
      id,
      machine,
      status,
      startedAt: redrivenAt ?? startedAt,
      endedAt,
      origin: originOf(input),
      path: history.flatMap((event) => (event.type === 'StateEntered' ? [{ state: event.state, at: event.at }] : [])),
    })),
    items: observed.items,
    notices: observed.notices.map(({ message }) => message),
    instances: [
      ...instancesIn(observed.instances, stack, stack.variables),
      ...stack.places.flatMap((place, index) => instancesIn(observed.places[index]!.instances, place, stack.variables)),
    ],
    ceilings: ceilingsOf(stack),
    logs: observed.logs,
    planted,
    told: toldIn(observed, stack),
    issues: [stack, ...stack.places].flatMap(issuesOf),
    tagsLateMs: stack.cloud.ec2.consistency.oldSeconds * 1000,
    circuitBreaker: {
      limit: Number(variables.BREAKER_LIMIT),
      windowMs: Number(variables.BREAKER_WINDOW_MINUTES) * 60_000,
    },
  };
}

/** What the checker reads of one place. */
type In = Pick<Stack, 'cloud' | 'instanceIds'>;

function instancesIn(final: Observed['instances'], place: In, variables: Stack['variables']): InstanceFact[] {
  return final.map(({ instanceId, state, states }) => ({
    instanceId,
    ...place.cloud.place,
    state,
    states,
    interfaces: interfacesOf(instanceId, place),
    places: placesOf(instanceId, place),
    ...eligibility(instanceId, place, variables),
  }));
}

/** Issues of EC2 and EBS, as the simulated AWS Health told them: not as the playbook read them. */
function issuesOf({ cloud, instanceIds }: In): IssueFact[] {
  const told = cloud.health.open.filter(
    ({ news }) => /^(issue|investigation)$/.test(news.category) && /^(EC2|EBS)$/.test(news.service),
  );
  return told.map(({ news, from, to }) => ({
    ...cloud.place,
    from,
    to,
    instanceIds: instanceIds.filter((id) => {
      const own = [id, ...(cloud.ec2.find(id)?.volumes ?? []).map(({ volumeId }) => volumeId)];
      return news.entities.some((entity) => own.some((one) => entity.endsWith(one)));
    }),
    isWide: news.scope === 'PUBLIC' || /_(OPERATIONAL|API)_ISSUE$/.test(news.code) || news.entities.length === 0,
  }));
}

function toldIn(observed: Observed, { cloud, places }: Stack): ToldFacts {
  const pages = cloud.sns.messages.filter(({ attributes }) => attributes?.severity?.StringValue === 'page');
  const open = [cloud, ...places.map((one) => one.cloud)].flatMap(({ ec2 }) => ec2.groups.all().filter(allowsAll));
  return {
    pages: pages.map(({ at, message }) => ({ at, text: message })),
    openGroups: new Set(open.map(({ id }) => id)),
    findings: findingsIn(observed),
    endedAt: observed.endedAt,
  };
}

interface PublishedFinding {
  arn?: string;
  resource?: { instanceDetails?: { instanceId?: string } | null };
  service?: { detection?: { sequence?: { resources?: { resourceType?: string }[] } } };
}

/** Findings that name an instance and reached no machine. What reached one has its record, or C is broken. */
function findingsIn({ events, deliveries, deadLetters }: Observed): FindingFact[] {
  const passed = new Set(deliveries.filter(({ targetArn }) => targetArn.includes(':stateMachine:')).map(byEvent));
  const lost = new Set(deadLetters.map(byEvent));
  return events.flatMap((event) => {
    if (event.source !== 'aws.guardduty' || passed.has(event) || lost.has(event)) return [];
    const { arn, resource, service } = event.detail as PublishedFinding;
    const parts = service?.detection?.sequence?.resources ?? [];
    const isAboutOne =
      resource?.instanceDetails?.instanceId || parts.some((one) => one.resourceType === 'EC2_INSTANCE');
    return arn && isAboutOne ? [{ findingArn: arn, at: Date.parse(event.time) }] : [];
  });
}

const byEvent = ({ event }: { event: CloudEvent }) => event;

/** Where the instance stands, as the simulated cloud knows it. */
function placesOf(instanceId: string, { cloud }: In): NonNullable<InstanceFact['places']> {
  const instance = cloud.ec2.find(instanceId);
  const named = instance?.tags.get('incident-playbooks:group');
  const scaling = [...cloud.autoScaling.groups].filter(([, { members }]) => members.has(instanceId));
  return {
    zone: instance?.availabilityZone ?? 'unknown',
    groups: [...scaling.map(([name]) => `asg ${name}`), ...(named ? [`tag ${named}`] : [])],
  };
}

function interfacesOf(instanceId: string, { cloud }: In): InterfaceFact[] {
  const { groups } = cloud.ec2;
  return (cloud.ec2.find(instanceId)?.interfaces ?? []).map(({ networkInterfaceId, securityGroups }) => {
    const all = securityGroups.map((id) => groups.require(id));
    const isCut = all.every(({ ingress, egress }) => ingress.length + egress.length === 0);
    return { networkInterfaceId, traffic: isCut ? 'cut' : all.some(allowsAll) ? 'open' : 'by-rules' };
  });
}

/** What the owner allowed, and what EC2 could bring back, as the simulated cloud knows it: not as the playbook saw it. */
function eligibility(
  instanceId: string,
  { cloud }: In,
  variables: Stack['variables'],
): Pick<InstanceFact, 'isAllowedAt' | 'isEligibleAt'> {
  const instance = cloud.ec2.find(instanceId);
  if (!instance) return { isAllowedAt: () => true, isEligibleAt: () => true };
  const { spec } = instance;
  // What changes in the same instant as a call changes after it.
  const tagsAt = (at: number) => instance.tagsAt(at - 1);
  const isAllowedAt = (at: number) => {
    const tags = tagsAt(at);
    const saysTrue = (one: string) => one.toLowerCase() === 'true';
    const valuesOf = (key = '') =>
      [...tags].flatMap(([one, value]) => (one.toLowerCase() === key.toLowerCase() ? value : []));
    const isProtected = valuesOf(variables.PROTECTED_TAG).some((value) => value.toLowerCase() !== 'false');
    return tags.has(variables.OPT_IN_TAG ?? '') && valuesOf(variables.OPT_IN_TAG).every(saysTrue) && !isProtected;
  };
  const isEligibleAt = (at: number) => {
    const mayLose = tagsAt(at).get('incident-playbooks:allow-instance-store-loss')?.toLowerCase() === 'true';
    const losesData = spec.instanceStoreVolumes > 0 && !mayLose;
    const comesBack = spec.rootDeviceType === 'ebs' && spec.spot !== 'one-time' && !spec.disableApiStop && !losesData;
    return isAllowedAt(at) && comesBack;
  };
  return { isAllowedAt, isEligibleAt };
}

/** Seconds that each machine gives an execution, from its own definition. */
function ceilingsOf({ machines }: Stack): Map<string, number> {
  return new Map(machines.ceilings());
}
