import { spokeQuarantineName } from '../../functions/place/capabilities';
import { type CloudEvent, type FaultSpec, type InstanceSpecInput, SimulatedCloud } from '../cloud';
import { arnOf } from '../cloud/arn';
import { metricAlarmsFor } from './alarms';
import { seededRandom } from './ids';
import { spokeRoles } from './spoke-roles';
import type { StackResource } from './template';

/** A further account, or another region of one. */
export interface PlaceSpec {
  account: string;
  region?: string | undefined;
  fleet: readonly InstanceSpecInput[];
  /** Whether STS gives credentials of the account. */
  reachable?: boolean;
  roles?: 'present' | 'missing';
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
  /** Takes what arrives on the bus of the cell. */
  forward: (event: CloudEvent) => void;
}

/** What a spoke's rule passes on to the hub. Source of how it crosses: EventBridge user guide, "Sending and receiving events between accounts". */
const forwarded = /^aws\.(cloudwatch|ec2|guardduty|health|tag)$/;

/**
 * Brings up a place: its instances with the alarms that enrolment would create, its roles, and the rule that forwards its
 * events, as they are, to the hub's bus of its own region. Those of another region reach another cell, and not this one.
 */
export function raisePlace(spec: PlaceSpec, index: number, parts: Parts): DrillPlace {
  const { home, stage, seed, resources, forward } = parts;
  const cell = home.place.region;
  const { account, region = cell, fleet, faults } = spec;
  const publish = (event: CloudEvent) => {
    if (region === cell && forwarded.test(event.source)) forward(event);
  };
  const cloud = new SimulatedCloud({
    account,
    region,
    random: seededRandom(seed * 1_009 + 7_919 * (index + 1)),
    emit: publish,
    faults,
    beside: home,
  });
  for (const role of spec.roles === 'missing' ? [] : spokeRoles(stage, cloud.place))
    home.accounts.sts.roles.set(role.arn, role);
  if (spec.reachable === false) home.accounts.sts.notActivated.add(account);
  const quarantine = spokeQuarantineName(stage);
  cloud.iam.seed(arnOf(cloud.place, 'iam', `instance-profile/${quarantine}`), quarantine);
  const instanceIds = fleet.map((one) => cloud.ec2.launch(one));
  for (const input of metricAlarmsFor(resources, instanceIds)) {
    const id = input.Dimensions?.find(({ Name }) => Name === 'InstanceId')?.Value;
    if (id) cloud.cloudWatch.putAlarm({ ...input, AlarmName: named(input.AlarmName!, id) });
  }
  cloud.start();
  return { account, region, cloud, instanceIds, publish };
}

/** Alarms that enrolment creates are named after their instance. */
const named = (name: string, instanceId: string) => (name.endsWith(instanceId) ? name : `${name}-${instanceId}`);
