import { passing } from '../cloud/behaviour/table';
import type { ScenarioInput } from '../scenario/schema';
import { seededRandom } from '../stack/ids';
import type { Fault } from './faults';
import { between, pick, type Random } from './random';

/** What a release calls to restore something, and what a patch run calls. */
const releasing = [
  'AssociateAddress',
  'CreateTags',
  'DeleteTags',
  'DeleteRolePolicy',
  'DeleteSecurityGroup',
  'DescribeAddresses',
  'ExitStandby',
  'ModifyInstanceAttribute',
  'ModifyInstanceMetadataOptions',
  'ModifyNetworkInterfaceAttribute',
  'RegisterTargets',
  'ReplaceIamInstanceProfileAssociation',
];
const patching = [
  'DescribeInstanceInformation',
  'DescribeInstancePatchStates',
  'ListCommandInvocations',
  'ListCommands',
  'SendCommand',
];

/**
 * What a person starts besides in some drills: a release of the isolation, or a patch run in place of a restart by alarm.
 * Drawn apart from all else, so that every other drill is the same without it.
 */
export function drawMore(seed: number, scenario: ScenarioInput): ScenarioInput {
  const random = seededRandom(seed + 3_000_017);
  if (scenario.playbook === 'isolate-instance' && random() < 0.3) return released(random, scenario);
  if (scenario.playbook === 'restart-instance' && random() < 0.1) return patched(random, scenario);
  return scenario;
}

/** Some hours later, when the isolation has ended or, now and then, while it goes on. */
function released(random: Random, scenario: ScenarioInput): ScenarioInput {
  const afterMinutes = random() < 0.8 ? between(random, 150, 240) : between(random, 5, 60);
  return {
    ...scenario,
    follows: [{ playbook: 'release-instance', afterMinutes, input: { isolatedBy: '{incident}' } }],
    answers: [
      ...(scenario.answers ?? []),
      ...(random() < 0.5 ? [{ subject: 'revoke-sessions' as const, answer: 'yes' as const }] : []),
      { subject: 'release', answer: random() < 0.9 ? 'yes' : 'no' },
    ],
    faults: [...(scenario.faults ?? []), ...refusals(random, releasing, scenario.faults)],
    lastsMinutes: afterMinutes + 90,
  };
}

function patched(random: Random, scenario: ScenarioInput): ScenarioInput {
  const operation = pick(random, ['scan', 'install', 'install'] as const);
  const reboot = pick(random, ['RebootIfNeeded', 'NoReboot'] as const);
  return {
    ...scenario,
    playbook: 'patch-instance',
    starts: { by: 'manual', input: operation === 'scan' ? { operation } : { operation, reboot } },
    answers: random() < 0.9 ? [{ subject: 'install', answer: 'yes' }] : [],
    account: {
      ...scenario.account,
      managed: random() < 0.9,
      missingPatches: between(random, 0, 8),
      patching: random() < 0.8 ? 'Success' : 'Failed',
    },
    faults: [...(scenario.faults ?? []), ...refusals(random, patching, scenario.faults)],
  };
}

/** At most one rejection that passes by itself in a drill: what ends by it is told by its code. */
function refusals(random: Random, commands: readonly string[], drawn: readonly Fault[] = []): Fault[] {
  if (drawn.some(({ name }) => name === 'passing-refusal') || random() < 0.3) return [];
  const own = passing.filter(({ operation }) => commands.includes(operation.split(':')[1]!));
  const { operation, code, within } = pick(random, own);
  const times = between(random, 1, within === 'minutes' || code === 'InvalidInstanceID.NotFound' ? 2 : 4);
  return [{ name: 'passing-refusal', command: operation.split(':')[1]!, code, times }];
}
