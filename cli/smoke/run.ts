import type { Line } from '../doctor/line';
import { alarmCheck } from './alarm';
import { badInputCheck } from './bad-input';
import { compositeCheck } from './composite';
import { deadLetterAlarmCheck, deadLetterQueueCheck } from './dead-letters';
import { findingCheck } from './finding';
import { runChecks, type Smoke, type SmokeCheck } from './frame';
import type { SmokeReport } from './page';
import { rolesCheck } from './roles';
import { wiringChecks } from './wiring';

/** Everything that a smoke run asks, in order; what takes minutes is set in motion first. */
export const smokeChecks: SmokeCheck[] = [
  ...wiringChecks,
  badInputCheck,
  findingCheck,
  rolesCheck,
  alarmCheck,
  compositeCheck,
  deadLetterAlarmCheck,
  deadLetterQueueCheck,
];

/** Runs the checks. @throws what is no answer of AWS, once everything is put back */
export async function smokeRun(
  smoke: Smoke,
  onLine: (line: Line) => void = () => {},
  checks: readonly SmokeCheck[] = smokeChecks,
): Promise<SmokeReport> {
  const startedAt = smoke.clock.now().toISOString();
  const { lines, isInterrupted } = await runChecks(checks, smoke, onLine);
  const { stage, instanceId, runId } = smoke;
  return { stage, instanceId, runId, startedAt, endedAt: smoke.clock.now().toISOString(), isInterrupted, lines };
}

/** The checks without which nothing is proven. */
const needed = ['alarm-', 'composite-', 'dead-letter'];

/** 0 if the way from the alarm to the notice is proven and nothing failed, 130 after Ctrl-C, or else 1. */
export function exitCodeOf({ lines, isInterrupted }: Pick<SmokeReport, 'lines' | 'isInterrupted'>): number {
  if (isInterrupted) return 130;
  const isBad = ({ id, verdict }: Line) =>
    verdict === 'fail' || (verdict === 'not asked' && needed.some((start) => id.startsWith(start)));
  return lines.length === 0 || lines.some(isBad) ? 1 : 0;
}
