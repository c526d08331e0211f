import { incidentLines, listLines } from '../../cli/incidents/lines';
import type { IncidentRecord } from '../../cli/incidents/records';
import { statusLines } from '../../cli/status/lines';
import type { Status } from '../../cli/status/read';
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
