import { z } from 'zod';
import { fault } from './fault';
import { afterCalls, beforeCalls, once, times, when } from './when';

/** Things that go wrong with instances, or that people do to them meanwhile. */
export const instanceFaults = [
  fault({
    name: 'stop-hangs',
    description: 'A stop never ends; a forced stop does, unless `forcedToo`.',
    params: z.strictObject({ forcedToo: z.boolean().default(false) }),
    apply: ({ forcedToo }, { ec2 }) => {
      ec2.conditions.stopHangs = forcedToo ? 'forced-too' : 'unless-forced';
      return {};
    },
  }),
  fault({
    name: 'stop-slow',
    description: 'Stops take this many seconds.',
    params: z.strictObject({ seconds: z.number().positive().default(600) }),
    apply: ({ seconds }, { ec2 }) => {
      ec2.conditions.stopSeconds = seconds;
      return {};
    },
  }),
  fault({
    name: 'insufficient-capacity',
    description: 'The Availability Zone has no capacity for the instance type for the first starts.',
    params: z.strictObject({
      times: times(3),
      shows: z
        .enum(['at-once', 'later'])
        .default('at-once')
        .describe('`later`: the start is accepted, and pending goes back to stopped.'),
    }),
    apply: (params, { ec2 }) => {
      ec2.conditions.capacityRefusals = params.times;
      ec2.conditions.capacityShowsLate = params.shows === 'later';
      return {};
    },
  }),
  fault({
    name: 'zone-down',
    description:
      'No instance starts in an Availability Zone, for want of capacity, from the beginning for this many minutes.',
    params: z.strictObject({
      zone: z.string().default('us-east-1a'),
      minutes: z
        .number()
        .positive()
        .default(24 * 60),
    }),
    apply: ({ zone, minutes }, { ec2 }) => {
      ec2.conditions.zonesWithoutCapacity.set(zone, Date.now() + minutes * 60_000);
      return {};
    },
  }),
  fault({
    name: 'kms-grant-missing',
    description: 'EC2 has no grant for the key of a volume: starts go from pending back to stopped.',
    params: z.strictObject({}),
    apply: (_params, { ec2 }) => {
      ec2.conditions.kmsGrantMissing = true;
      return {};
    },
  }),
  fault({
    name: 'status-checks-fail-after-start',
    description: 'The guest does not come up: the instance status check fails after every start.',
    params: z.strictObject({}),
    apply: (_params, { ec2 }) => {
      ec2.conditions.statusChecksFailAfterStart = true;
      return {};
    },
  }),
  fault({
    name: 'stale-describe',
    description: 'After a change, the next Describe calls still show the state before it.',
    params: z.strictObject({ reads: times(2) }),
    apply: ({ reads }, { ec2 }) => {
      ec2.conditions.staleReads = reads;
      return {};
    },
  }),
  fault({
    name: 'eventual-consistency',
    description:
      'What was just made in EC2 is found, and what was just changed is seen, only so many seconds later: groups, states, tags, attributes. A policy of a role and an IP set are in force after six times as long.',
    params: z.strictObject({ seconds: z.number().positive().default(20) }),
    apply: ({ seconds }, { ec2, iam, waf }) => {
      ec2.consistency.seconds = seconds;
      ec2.consistency.stateSeconds = seconds;
      ec2.consistency.oldSeconds = seconds;
      iam.spreadSeconds = 6 * seconds;
      waf.spreadSeconds = 6 * seconds;
      waf.oldSeconds = seconds;
      return {};
    },
  }),
  fault({
    name: 'slow-snapshots',
    description: 'Snapshots take this many seconds, as those of large volumes do.',
    params: z.strictObject({ seconds: z.number().positive().default(7_200) }),
    apply: ({ seconds }, { ec2 }) => {
      ec2.snapshots.seconds = [seconds, seconds];
      return {};
    },
  }),
  fault({
    name: 'snapshot-deleted',
    description: 'Someone deletes the snapshots after a call by the playbook; with `recycleBin` they can be recovered.',
    params: z.strictObject({
      after: z.string().default('ModifyNetworkInterfaceAttribute'),
      state: z.string().optional(),
      recycleBin: z.boolean().default(true),
    }),
    apply: ({ after, state, recycleBin }, { ec2: { snapshots } }) =>
      afterCalls(once(when({ command: after, state })), () => {
        for (const { id } of [...snapshots.taken]) snapshots.deleteByOthers(id, { recycleBin });
      }),
  }),
  fault({
    name: 'terminated-mid-run',
    description: 'Someone terminates the instance after a call by the playbook.',
    params: z.strictObject({ after: z.string().default('StopInstances'), state: z.string().optional() }),
    apply: ({ after, state }, { ec2 }) =>
      afterCalls(once(when({ command: after, state })), () => {
        for (const instance of ec2.instances()) ec2.lifecycle.terminate(instance);
      }),
  }),
  fault({
    name: 'scaled-in',
    description: 'Auto Scaling scales in after a call by the playbook: an unprotected member in service is terminated.',
    params: z.strictObject({ after: z.string(), state: z.string().optional() }),
    apply: ({ after, state }, { ec2, autoScaling }) =>
      afterCalls(once(when({ command: after, state })), () => {
        for (const id of autoScaling.scaleIn()) {
          const instance = ec2.find(id);
          if (instance) ec2.lifecycle.terminate(instance);
        }
      }),
  }),
  fault({
    name: 'stopped-by-someone-else',
    description: 'Someone stops the instance just before a call by the playbook.',
    params: z.strictObject({ before: z.string().default('DescribeInstances'), state: z.string().optional() }),
    apply: ({ before, state }, { ec2 }) =>
      beforeCalls(once(when({ command: before, state })), () => {
        for (const instance of ec2.instances()) ec2.lifecycle.stop(instance, { force: false });
      }),
  }),
  fault({
    name: 'opt-in-removed',
    description: 'The owner removes the opt-in tag after a call by the playbook.',
    params: z.strictObject({ after: z.string(), tag: z.string().default('incident-playbooks:enabled') }),
    apply: ({ after, tag }, { ec2 }) =>
      afterCalls(once(when({ command: after })), () => {
        for (const instance of ec2.instances()) instance.removeTag(tag);
      }),
  }),
  fault({
    name: 'protected-mid-run',
    description: 'The owner protects the instance with its tag after a call by the playbook.',
    params: z.strictObject({ after: z.string(), tag: z.string().default('incident-playbooks:protected') }),
    apply: ({ after, tag }, { ec2 }) =>
      afterCalls(once(when({ command: after })), () => {
        for (const instance of ec2.instances()) instance.setTag(tag, 'true');
      }),
  }),
];
