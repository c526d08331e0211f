import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

const read = (file: string) => readFileSync(join(__dirname, '../../..', file), 'utf8');
const { packages } = JSON.parse(read('package-lock.json')) as { packages: Record<string, { hasInstallScript?: true }> };
const { allowScripts } = JSON.parse(read('package.json')) as { allowScripts: Record<string, boolean> };
const withScript = Object.entries(packages)
  .filter(([, { hasInstallScript }]) => hasInstallScript)
  .map(([path]) => path.split('node_modules/').at(-1)!);

test('every package with an install script is named, with whether it may run', () => {
  expect([...new Set(withScript)].sort()).toEqual(Object.keys(allowScripts).sort());
});

test('CI installs without scripts, and runs each that is needed by its name', () => {
  const script = read('.ci/run');
  const installs = script.match(/^.*\bnpm (ci|cit|install|i)\b.*$/gm)?.filter((line) => !line.startsWith('#')) ?? [];
  const { jobs } = parse(read('.github/workflows/ci.yml')) as { jobs: Record<string, { steps: { run?: string }[] }> };
  const runs = Object.values(jobs).flatMap(({ steps }) => steps.flatMap(({ run }) => run ?? []));
  const inWorkflow = runs.filter((run) => /\bnpm (ci|cit|install|i)\b/.test(run));
  const needed = Object.keys(allowScripts).filter((name) => allowScripts[name]);

  expect([...installs, ...inWorkflow].length).toBeGreaterThan(1);
  for (const line of [...installs, ...inWorkflow]) expect(line).toContain('--ignore-scripts');
  for (const name of needed) expect(script).toContain(`npm rebuild ${name}`);
});
