import { incidentLines, listLines } from '../../cli/incidents/lines';
import type { IncidentRecord } from '../../cli/incidents/records';
import { statusLines } from '../../cli/status/lines';
import type { Status } from '../../cli/status/read';
import type { AccountStatus } from '../../cli/status/status';
import { paintFor } from '../../drill/render/paint';

const paint = paintFor({ isTTY: false } as never);
const place = { account: '210987654321', region: 'us-east-1' };
const incident = (change: Partial<IncidentRecord> = {}): IncidentRecord => ({
  incidentId: 'inc-00000000000000000001',
  playbook: 'restart-instance',
  executionId: 'arn:aws:states:us-east-1:123456789012:execution:incident-playbooks-dev-restart-instance:x',
  status: 'CLOSED',
  openedAt: '2026-03-02T09:00:00.000Z',
  drill: false,
  outcome: 'RESOLVED',
  code: 'recovered',
  reason: 'All is well.',
  closedAt: '2026-03-02T09:10:00.000Z',
  instanceId: 'i-0123456789abcdef0',
  ...change,
});
const status: Status = {
  stage: 'dev',
  at: '2026-03-02T09:00:00.000Z',
  mode: 'act',
  killSwitch: { on: false },
  breaker: { used: 0, limit: 5, minutes: 30 },
  storms: [],
  places: [],
  noticesDue: [],
  blocks: [],
  isolated: [],
  alarms: [],
};

test('with one account a list, an incident and a status are as they always were', () => {
  expect([...listLines([incident()], paint), ...statusLines(status, paint)]).toMatchInlineSnapshot(`
[
  "2026-03-02 09:00:00  RESOLVED  inc-00000000000000000001 · restart-instance · i-0123456789abcdef0",
  "  All is well.",
  "Stage dev at 2026-03-02 09:00:00 UTC",
  "mode             act",
  "kill switch      off",
  "circuit breaker  closed: 0 of 5 actions in 30 minutes",
  "storms           none",
  "starts fail in   no place",
  "notices due      none",
  "blocks           none",
  "isolated         none",
  "own alarms       none in ALARM",
]
`);
  expect(incidentLines({ ...incident(), timeline: [] }, 'dev', paint).join('\n')).not.toContain('123456789012 ·');
});

test('where one is of another account, each line says whose it is', () => {
  const lines = listLines([incident(), incident({ place })], paint).filter((line) => line.includes('inc-'));

  expect(lines[0]).toMatch(/i-0123456789abcdef0 · 123456789012$/);
  expect(lines[1]).toMatch(/i-0123456789abcdef0 · 210987654321$/);
  expect(incidentLines({ ...incident({ place }), timeline: [] }, 'dev', paint)[1]).toMatch(/ · 210987654321$/);
});

test('a status says which accounts it could not read', () => {
  const lines = statusLines({ ...status, notRead: ['210987654321'] }, paint);

  expect(lines).toContainEqual(expect.stringMatching(/^not read +which instances are isolated in 210987654321$/));
});

describe('the accounts of a stage', () => {
  const now = '2026-03-02T09:00:00.000Z';
  const quiet = (account: string, change: Partial<AccountStatus> = {}): AccountStatus => ({
    ...{ account, open: [], leases: [], breaker: { used: 0, limit: 5, minutes: 30 }, storms: [], places: [] },
    ...{ comparedAt: '2026-03-02T08:55:00.000Z', unreachable: undefined, ...change },
  });
  const red: typeof paint = (colour, text) => `<${colour}>${text}`;
  const linesOf = (accounts: AccountStatus[], of = paint) =>
    statusLines({ ...status, at: now, accounts }, of).filter((one) => /account/.test(one));

  test('of more than ten with nothing open each is counted, and those with something have a line', () => {
    const many = Array.from({ length: 30 }, (_, i) => quiet(String(200_000_000_000 + i)));
    const busy = quiet('310987654321', { open: [{ incidentId: 'inc-1', playbook: 'restart-instance' }] });

    expect(linesOf([...many, busy])).toEqual([
      expect.stringMatching(/^account 310987654321 +1 incident open, last compared 2026-03-02 08:55:00 UTC$/),
      expect.stringMatching(/^other accounts +30 accounts with nothing open$/),
    ]);
    expect(linesOf(many.slice(0, 10))).toHaveLength(10);
  });

  test.each<[string, Partial<AccountStatus>, RegExp]>([
    ['was not compared for hours', { comparedAt: '2026-03-02T05:00:00.000Z' }, /last compared 2026-03-02 05:00:00 UTC/],
    [
      'was told as unreachable, and not compared since',
      { unreachable: { at: '2026-03-02T08:58:00.000Z', incidentId: 'inc-9' } },
      /told as unreachable 2026-03-02 08:58:00 UTC \(inc-9\), last compared/,
    ],
    ['is in a storm', { storms: ['alarms (12)'] }, /storm of alarms \(12\)/],
    ['has its breaker open', { breaker: { used: 5, limit: 5, minutes: 30 } }, /circuit breaker open/],
  ])('one that %s is red, and never among the quiet ones', (_what, change, said) => {
    const many = Array.from({ length: 30 }, (_, i) => quiet(String(200_000_000_000 + i)));
    const [line = '', ...others] = linesOf([...many, quiet('310987654321', change)], red);

    expect(line).toMatch(said);
    expect(line).toContain('<red>');
    expect(others).toHaveLength(1);
  });

  test('one that was compared since it was told as unreachable is well, and says both', () => {
    const [line = ''] = linesOf(
      [quiet('1', { unreachable: { at: '2026-03-02T07:00:00.000Z', incidentId: 'inc-9' } })],
      red,
    );

    expect(line).toMatch(/last compared .*, before that told as unreachable .* \(inc-9\)/);
    expect(line).not.toContain('<red>');
  });
});
