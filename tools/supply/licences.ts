import { readFileSync } from 'node:fs';
import satisfies from 'spdx-satisfies';
import { z } from 'zod';
import { exceptions, shipped, tools } from './licence-policy';

const lockSchema = z.object({
  packages: z.record(
    z.string(),
    z.object({
      license: z.string().optional(),
      dev: z.boolean().default(false),
      devOptional: z.boolean().default(false),
    }),
  ),
});

/** How many packages were looked at, and what is wrong: one line a finding. */
export interface LicenceReport {
  shipped: number;
  tools: number;
  findings: string[];
}

/**
 * Compares the licences that a lockfile names with what may be shipped and what may be used as a tool.
 * @param text a package-lock.json of version 3
 * @throws ZodError naming the field when it is none
 */
export function judgeLicences(text: string, excepted: Record<string, string> = exceptions): LicenceReport {
  const { packages } = lockSchema.parse(JSON.parse(text));
  const report: LicenceReport = { shipped: 0, tools: 0, findings: [] };
  const used = new Set<string>();
  for (const [path, { license, dev, devOptional }] of Object.entries(packages)) {
    if (path === '') continue;
    const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
    const isTool = dev || devOptional;
    report[isTool ? 'tools' : 'shipped'] += 1;
    if (isAllowed(license, isTool ? tools : shipped)) continue;
    if (isTool && name in excepted) used.add(name);
    else report.findings.push(`${name} is ${isTool ? 'a tool' : 'shipped'} under ${license ?? 'no licence'}`);
  }
  const stale = Object.keys(excepted).filter((name) => !used.has(name));
  report.findings.push(...stale.map((name) => `${name} is excepted, and needs no exception`));
  return report;
}

function isAllowed(license: string | undefined, approved: string[]): boolean {
  if (license === undefined) return false;
  try {
    return satisfies(license, approved);
  } catch {
    // What is no SPDX expression ("SEE LICENSE IN …") is looked at by a person: it is a finding.
    return false;
  }
}

function main(): void {
  const { shipped: count, tools: others, findings } = judgeLicences(readFileSync('package-lock.json', 'utf8'));
  console.log(`${count} packages are shipped, ${others} are tools.`);
  for (const [name, reason] of Object.entries(exceptions)) console.log(`Excepted: ${name}. ${reason}.`);
  for (const finding of findings) console.error(finding);
  process.exitCode = findings.length === 0 ? 0 : 1;
}

if (require.main === module) main();
