import type { Conclusion } from '../record/conclusion';
import { plural } from '../shared/plural';
import * as z from '../shared/schema';
import { lookAgain, waitSchema } from '../shared/wait';

export const operationSchema = z.enum(['scan', 'install']);
/** RebootIfNeeded or NoReboot, as in Systems Manager; a scan never reboots. */
export const rebootSchema = z.enum(['RebootIfNeeded', 'NoReboot']);

/** The requested operation. */
export const patchSchema = z.object({ operation: operationSchema, reboot: rebootSchema });
export type Patch = z.output<typeof patchSchema>;

/** Patch compliance counts from Systems Manager; `at` is when the last operation ended. */
export const complianceSchema = z.object({
  installed: z.number(),
  missing: z.number(),
  failed: z.number(),
  pendingReboot: z.number(),
  at: z.optional(z.string()),
});
export type Compliance = z.output<typeof complianceSchema>;

/** The state of the wait for the command. */
export const commandLookSchema = z.extend(waitSchema, {
  status: z.string(),
  verdict: z.enum(['WAITING', 'DONE', 'FAILED', 'OVERDUE']),
});
export type CommandLook = z.output<typeof commandLookSchema> & { conclusion?: Conclusion };

/** Source: Systems Manager user guide, "Understanding command statuses". */
export const underWay = ['Pending', 'InProgress', 'Delayed', 'Cancelling'];
const timedOut = ['TimedOut', 'DeliveryTimedOut', 'ExecutionTimedOut'];

/** One check of a command. @param status undefined until Systems Manager knows the invocation */
export function judgeCommand(
  status: string | undefined,
  previous: z.output<typeof commandLookSchema> | undefined,
  now: Date,
  ceilingSeconds: number,
): CommandLook {
  const { wait, waited } = lookAgain(previous, now);
  const base = { ...wait, status: status ?? 'Pending' };
  if (status === 'Success') return { ...base, verdict: 'DONE' };
  if (timedOut.includes(base.status)) {
    const reason = `The patch command ended as ${base.status} in Systems Manager: it did not finish in time.`;
    return { ...base, verdict: 'FAILED', conclusion: { outcome: 'FAILED', code: 'patch-times-out', reason } };
  }
  if (!underWay.includes(base.status)) {
    const reason = `The patch command ended as ${base.status} in Systems Manager. Read its output there.`;
    return { ...base, verdict: 'FAILED', conclusion: { outcome: 'FAILED', code: 'patch-command-failed', reason } };
  }
  if (waited < ceilingSeconds) return { ...base, verdict: 'WAITING' };
  const reason = `The patch command is still ${base.status} after ${Math.round(ceilingSeconds / 60)} minutes.`;
  return { ...base, verdict: 'OVERDUE', conclusion: { outcome: 'FAILED', code: 'patch-times-out', reason } };
}

const counts = ({ missing, failed, installed }: Compliance) =>
  `${installed} installed, ${missing} missing, ${failed} failed`;

/** How patching ended, from the counts before and after. Without a new compliance report, a scan proves nothing. */
export function judgePatch(
  { operation }: Patch,
  before: Compliance | undefined,
  after: Compliance | undefined,
  startedAt: string,
): Conclusion {
  if (!after?.at || after.at < startedAt) {
    const reason = 'The command succeeded, but the instance has not reported compliance since. Scan it again.';
    return { outcome: 'FAILED', code: 'no-compliance', reason };
  }
  const change = `Before: ${before ? counts(before) : 'never scanned'}. After: ${counts(after)}.`;
  if (operation === 'scan') return { outcome: 'SCANNED', code: 'scanned', reason: `Scanned. ${change}` };
  if (after.failed > 0 || after.missing > 0) {
    return { outcome: 'PARTIAL', code: 'patches-left', reason: `Not every patch is installed. ${change}` };
  }
  if (after.pendingReboot > 0) {
    const reason = `Installed, but a reboot is still needed for ${plural(after.pendingReboot, 'patch', 'patches')}; the request did not allow one. ${change}`;
    return { outcome: 'PARTIAL', code: 'reboot-pending', reason };
  }
  return { outcome: 'PATCHED', code: 'patched', reason: `Every approved patch is installed. ${change}` };
}
