import { type Code, codeTable, isGuardRefusal } from '../../functions/record/codes';
import type { Conclusion } from '../../functions/record/conclusion';
import type { NewIncident } from '../../functions/record/incident';
import { asStanding, isLeftStanding, isReportedOnce } from '../../functions/record/standing';

type Begun = Pick<NewIncident, 'playbook' | 'trigger'>;
const isolation: Begun = { playbook: 'isolate-instance', trigger: 'finding' };
const skipped = (code: Code, outcome: Conclusion['outcome'] = 'SKIPPED'): Conclusion => ({
  outcome,
  code,
  reason: 'The stage is in observe mode.',
});

describe('a threat is left standing', () => {
  test.each<[Begun, boolean]>([
    [isolation, true],
    [{ playbook: 'isolate-instance', trigger: 'alarm' }, true],
    [{ playbook: 'block-traffic', trigger: 'finding' }, true],
    [{ playbook: 'isolate-instance', trigger: 'manual' }, false],
    [{ playbook: 'isolate-instance', trigger: 'schedule' }, false],
    [{ playbook: 'restart-instance', trigger: 'alarm' }, false],
    [{ playbook: 'release-instance', trigger: 'finding' }, false],
  ])('by a guard that refused %j: %s', (begun, is) => {
    expect(isLeftStanding(begun, skipped('kill-switch-on'))).toBe(is);
  });

  test.each<[Conclusion['outcome'], boolean]>([
    ['SKIPPED', true],
    ['OBSERVED', true],
    ['CONTAINED', false],
    ['PARTIAL', false],
    ['ESCALATED', false],
  ])('where the incident ended %s: %s', (outcome, is) => {
    expect(isLeftStanding(isolation, skipped('mode-is-observe', outcome))).toBe(is);
  });

  test('by every guard but the one whose incident another one tells', () => {
    const refusals = [...codeTable().keys()].filter(isGuardRefusal);

    expect(refusals.length).toBeGreaterThan(20);
    expect(refusals.filter((code) => !isLeftStanding(isolation, skipped(code)))).toEqual(['joined']);
  });

  test.each<Code>([
    'storm',
    'no-instance',
    'several-instances',
    'no-single-address',
    'no-blocks-there',
    'not-a-cidr',
    'would-isolate',
    'would-block',
    'wrong-account',
    'wrong-region',
    'place-not-listed',
    'place-contradicted',
  ])('by %s, which is no guard', (code) => {
    expect(isGuardRefusal(code)).toBe(false);
    expect(isLeftStanding(isolation, skipped(code))).toBe(true);
  });

  test.each<Code>(['denied', 'already-isolated', 'sample-finding', 'finding-archived', 'below-severity'])(
    'by nothing where it ended as %s',
    (code) => expect(isLeftStanding(isolation, skipped(code))).toBe(false),
  );
});

test.each<[Code, string]>([
  ['protected', 'find out who set the tag; remove it and start the playbook, or contain it yourself.'],
  ['not-opted-in', 'tag the instance and start the playbook, or contain it yourself.'],
  ['kill-switch-on', 'turn the kill switch off and start the playbook, or contain it yourself.'],
  ['mode-is-observe', 'set mode: act and start the playbook, or contain it yourself.'],
  ['would-isolate', 'set mode: act and start the playbook, or contain it yourself.'],
  ['would-block', 'set mode: act and start the playbook, or contain it yourself.'],
  ['lease-lost', 'find out which incident has the instance now, and start the playbook again.'],
  ['several-instances', 'start the playbook for each instance, or contain them yourself.'],
  ['too-wide', 'start the playbook with a narrower range, or contain it yourself.'],
  ['own-range', 'look for the attacker in your network: the range is yours.'],
  ['storm', 'contain it yourself.'],
])('%s escalates with what to do', (code, todo) => {
  expect(asStanding(skipped(code))).toEqual({
    outcome: 'ESCALATED',
    code,
    reason: `The stage is in observe mode. Nothing was contained: ${todo}`,
  });
});

test('an end that comes with every finding is told once an hour, any other each time', () => {
  expect(isReportedOnce(isolation, asStanding(skipped('kill-switch-on')))).toBe(true);
  expect(isReportedOnce(isolation, skipped('kill-switch-on'))).toBe(false);
  expect(isReportedOnce(isolation, skipped('stop-hangs', 'ESCALATED'))).toBe(false);
  expect(isReportedOnce({ ...isolation, trigger: 'manual' }, asStanding(skipped('kill-switch-on')))).toBe(false);
});
