import { execFile } from 'node:child_process';
import { z } from 'zod';
import { type Allowed, allowed } from './audit-allowed';

const severities = ['info', 'low', 'moderate', 'high', 'critical'] as const;
const advisorySchema = z.object({
  url: z.string(),
  title: z.string(),
  severity: z.enum(severities),
  name: z.string(),
  range: z.string(),
});
type Advisory = z.output<typeof advisorySchema>;

/** `npm audit --json`, version 2 of its report. */
const reportSchema = z.object({
  vulnerabilities: z.record(z.string(), z.object({ via: z.array(z.union([z.string(), advisorySchema])) })),
});
const failureSchema = z.object({ message: z.string(), statusCode: z.number().optional() });

/** What an audit came to: `NOT_ASKED` when the registry has no answer to give, which is no clean bill. */
export interface Verdict {
  verdict: 'CLEAN' | 'FOUND' | 'NOT_ASKED';
  lines: string[];
}

/**
 * Judges what `npm audit --json` printed: every advisory from `moderate` on counts that is not allowed until a later day.
 * @throws ZodError when it is neither a report nor a failure
 */
export function judgeAudit(printed: string, today: Date, known: Allowed[] = allowed): Verdict {
  const json: unknown = JSON.parse(printed);
  const failure = failureSchema.safeParse(json);
  if (failure.success) return { verdict: 'NOT_ASKED', lines: [`The registry was not asked: ${failure.data.message}`] };
  const day = today.toISOString().slice(0, 10);
  const found = advisoriesOf(reportSchema.parse(json)).filter(
    ({ url }) => !known.some((entry) => entry.url === url && day <= entry.until),
  );
  const lines = found.map(
    ({ name, range, severity, title, url }) => `${severity}: ${name} ${range}: ${title} (${url})`,
  );
  return { verdict: lines.length > 0 ? 'FOUND' : 'CLEAN', lines };
}

/** Each advisory once, however many packages it reaches. */
function advisoriesOf({ vulnerabilities }: z.output<typeof reportSchema>): Advisory[] {
  const all = Object.values(vulnerabilities).flatMap(({ via }) => via.filter((one) => typeof one !== 'string'));
  const grave = all.filter(({ severity }) => severities.indexOf(severity) >= severities.indexOf('moderate'));
  return [...new Map(grave.map((advisory) => [advisory.url, advisory])).values()];
}

/** Asks the registry about everything in the lockfile. npm ends with 1 when it found something: that is an answer too. */
function npmAudit(): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile('npm', ['audit', '--json'], { maxBuffer: 100_000_000 }, (error, stdout) => {
      if (stdout.trim() === '') reject(error ?? new Error('npm audit said nothing'));
      else resolve(stdout);
    });
  });
}

async function main(): Promise<void> {
  const { verdict, lines } = judgeAudit(await npmAudit(), new Date());
  for (const line of lines) console.error(line);
  if (verdict === 'CLEAN') console.log('No known vulnerability from moderate on.');
  if (verdict === 'NOT_ASKED') {
    console.error('Nothing is known about vulnerabilities now. With --required this fails.');
    process.exitCode = process.argv.includes('--required') ? 1 : 0;
  }
  if (verdict === 'FOUND') process.exitCode = 1;
}

if (require.main === module) void main();
