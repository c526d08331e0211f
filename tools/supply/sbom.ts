import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { z } from 'zod';

const lockSchema = z.object({
  name: z.string(),
  packages: z.record(z.string(), z.object({ version: z.string().optional(), dev: z.boolean().default(false) })),
});
const sbomSchema = z.looseObject({
  metadata: z.looseObject({ component: z.looseObject({ name: z.string() }) }),
  components: z.array(z.looseObject({ 'bom-ref': z.string(), name: z.string(), version: z.string() })),
  dependencies: z.array(z.looseObject({ ref: z.string(), dependsOn: z.array(z.string()).default([]) })),
});

/**
 * Leaves of a bill of materials what is shipped. `npm sbom --omit dev` leaves out as well what a tool needs too, which is
 * most of the AWS SDK; the lockfile knows which packages are there for tools alone.
 * @param bill what `npm sbom --sbom-format cyclonedx` printed
 * @param lock the package-lock.json
 * @throws ZodError naming the field when one of them is none
 */
export function shippedOnly(bill: string, lock: string): z.output<typeof sbomSchema> {
  const { name: project, packages } = lockSchema.parse(JSON.parse(lock));
  const kept = new Set(
    Object.entries(packages)
      .filter(([path, { dev }]) => path !== '' && !dev)
      .map(([path, { version }]) => `${path.split('node_modules/').at(-1)}@${version}`),
  );
  const sbom = sbomSchema.parse(JSON.parse(bill));
  const components = sbom.components.filter(({ name, version }) => kept.has(`${name}@${version}`));
  const gone = new Set(sbom.components.filter((one) => !components.includes(one)).map((one) => one['bom-ref']));
  const dependencies = sbom.dependencies
    .filter(({ ref }) => !gone.has(ref))
    .map((one) => ({ ...one, dependsOn: one.dependsOn.filter((ref) => !gone.has(ref)) }));
  // npm calls the project by its folder's name.
  const metadata = { ...sbom.metadata, component: { ...sbom.metadata.component, name: project } };
  return { ...sbom, metadata, components, dependencies };
}

function main(): void {
  const bill = execFileSync('npm', ['sbom', '--sbom-format', 'cyclonedx'], {
    encoding: 'utf8',
    maxBuffer: 100_000_000,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const whole = process.argv.includes('--tools');
  const sbom = whole ? JSON.parse(bill) : shippedOnly(bill, readFileSync('package-lock.json', 'utf8'));
  console.log(JSON.stringify(sbom, undefined, 2));
}

if (require.main === module) main();
