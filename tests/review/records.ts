import type { ReviewRecord } from '../../functions/review/record';

let counted = 0;

/** A closed incident of the first days of November; each its own. */
export function record(change: Partial<ReviewRecord> = {}): ReviewRecord {
  counted += 1;
  return {
    incidentId: `inc-${counted}`,
    playbook: 'restart-instance',
    drill: false,
    outcome: 'RESOLVED',
    code: 'recovered',
    reason: 'After the stop and start the alarm is OK.',
    instanceId: 'i-0123456789abcdef0',
    alarmName: 'restart-instance-dev-cpu-high-i-0123456789abcdef0',
    openedAt: '2026-11-02T10:00:00.000Z',
    closedAt: '2026-11-02T10:10:00.000Z',
    extra: { actedAt: '2026-11-02T10:00:30.000Z' },
    ...change,
  };
}

/** One that needed nothing. */
export const needless = (change: Partial<ReviewRecord> = {}) =>
  record({ outcome: 'SKIPPED', code: 'score-veto', reason: 'It is ordinary.', extra: {}, ...change });

/** The same day at another hour, for example `at(14)`. */
export const at = (hour: number, day = 2) => new Date(Date.UTC(2026, 10, day, hour)).toISOString();

export const window = {
  stage: 'dev',
  from: new Date('2026-11-01T00:00:00Z'),
  until: new Date('2026-11-29T00:00:00Z'),
};
