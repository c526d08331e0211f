import { type CloudEvent, type FaultSpec, type InstanceSpecInput, SimulatedCloud } from '../cloud';
import { metricAlarmsFor } from './alarms';
import { seededRandom } from './ids';
import { matchesPattern } from './pattern';
import { rolesIn, spokeResources } from './spoke-roles';
import type { StackResource, Template } from './template';

/** A further account, or another region of one. */
export interface PlaceSpec {
  account: string;
  region?: string | undefined;
  fleet: readonly InstanceSpecInput[];
  /** Whether the stage lists the account, and it has what a spoke is deployed with. */
  listed?: boolean;
  /** Whether STS gives credentials of the account. */
  reachable?: boolean;
  roles?: 'present' | 'missing';
  /** Whether Systems Manager manages its instances. */
  managed?: boolean;
  faults?: readonly FaultSpec[];
}

/** A place as it is simulated. */
export interface DrillPlace {
  account: string;
  region: string;
  cloud: SimulatedCloud;
  instanceIds: string[];
  /** Takes an event on the account's own bus. */
  publish(event: CloudEvent): void;
}

interface Parts {
  home: SimulatedCloud;
  stage: string;
  seed: number;
  resources: readonly StackResource[];
  /** The packaged template of the stage. */
  template: Template;
  /** Takes what arrives on the bus of the cell. */
  forward: (event: CloudEvent) => void;
}

/** What an account that the stage does not list would pass on if somebody gave it the rules of a spoke. */
const ofAnyRule = /^aws\.(cloudwatch|ec2|guardduty|health|tag)$/;

/**
 * Brings up a place: its instances with the alarms that enrolment would create, and what the spoke's own templates deploy
 * there: roles, and rules that forward events, as they are, to the hub's bus of the same region. Those of another region reach
 * another cell, and not this one. Source: EventBridge user guide, "Sending and receiving events between accounts".
 */
export function raisePlace(spec: PlaceSpec, index: number, parts: Parts): DrillPlace {
  const { home, stage, seed, resources, template, forward } = parts;
  const cell = home.place.region;
  const { account, region = cell, fleet, faults } = spec;
  const isSpoke = spec.listed !== false && account !== home.place.account;
  const deployed = isSpoke ? spokeResources(stage, template, { account, region }) : [];
  const patterns = deployed
    .filter(({ type }) => type === 'AWS::Events::Rule')
    .map(({ properties }) => properties.EventPattern);
  const publish = (event: CloudEvent) => {
    const isPassedOn = isSpoke
      ? patterns.some((pattern) => matchesPattern(pattern, event))
      : ofAnyRule.test(event.source);
    if (region === cell && isPassedOn) forward(event);
  };
  const cloud = new SimulatedCloud({
    account,
    region,
    random: seededRandom(seed * 1_009 + 7_919 * (index + 1)),
    emit: publish,
    faults,
    beside: home,
  });
  for (const role of spec.roles === 'missing' ? [] : rolesIn(deployed, account))
    if (region === cell) home.accounts.sts.roles.set(role.arn, role);
  if (spec.reachable === false) home.accounts.sts.notActivated.add(account);
  for (const { type, arn, properties } of deployed)
    if (type === 'AWS::IAM::InstanceProfile') cloud.iam.seed(arn, String((properties.Roles as unknown[])[0]));
  const instanceIds = fleet.map((one) => cloud.launch(one));
  for (const id of spec.managed ? instanceIds : []) cloud.ssm.manage(id);
  for (const input of metricAlarmsFor(resources, instanceIds)) {
    const id = input.Dimensions?.find(({ Name }) => Name === 'InstanceId')?.Value;
    if (id) cloud.cloudWatch.putAlarm({ ...input, AlarmName: named(input.AlarmName!, id) });
  }
  cloud.start();
  return { account, region, cloud, instanceIds, publish };
}

/** Alarms that enrolment creates are named after their instance. */
const named = (name: string, instanceId: string) => (name.endsWith(instanceId) ? name : `${name}-${instanceId}`);
