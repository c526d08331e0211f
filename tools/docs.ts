import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Command } from 'commander';
import { asCommand } from '../drill/command-line';
import { stopRecordStore } from '../drill/stack/record-store';
import { readMachines } from '../packaging/read-machines';
import { architecture } from './docs/architecture';
import { awsBehaviourPage } from './docs/aws-behaviour';
import { codesPage } from './docs/codes';
import { drawDashboard } from './docs/dashboard';
import { findingsPage } from './docs/findings';
import { noticesFile, noticesOfCatalogue, noticesPage } from './docs/notices';
import { outcomesPage, withOutcomes } from './docs/outcomes';
import { indexOf, pageOf } from './docs/page';
import { readPlaybooks } from './docs/playbook';
import { scalePage } from './docs/scale';
import { scenarioFormatPage } from './docs/scenario-format';
import { schemaFiles } from './docs/schemas';
import { verdictsPage } from './docs/verdicts';
import { drawMachines } from './draw-machines';

/** Every generated file of docs/ but the notices, by its path from the project folder. Deterministic. */
export async function generatedDocs(root: string): Promise<Map<string, string>> {
  const pictures = [...(await drawMachines(root))].map(([name, svg]): [string, string] => [
    `docs/images/${name}.svg`,
    svg,
  ]);
  const playbooks = await readPlaybooks(root);
  const pages = playbooks.map((one): [string, string] => [`docs/playbooks/${one.name}.md`, pageOf(one)]);
  return new Map([
    ...pictures,
    ...pages,
    ...(await architecture(root, playbooks)),
    ['docs/playbooks/README.md', indexOf(playbooks)],
    ['docs/scenario-format.md', scenarioFormatPage()],
    ['docs/outcomes.md', outcomesPage()],
    ['docs/scale.md', scalePage(readMachines(root))],
    ['docs/images/dashboard.svg', drawDashboard(playbooks[0]?.resources ?? [])],
    ['docs/codes.md', codesPage()],
    ...schemaFiles(),
    ['docs/verdicts.md', verdictsPage()],
    ['docs/findings.md', findingsPage()],
    ['docs/aws-behaviour.md', awsBehaviourPage()],
    ['docs/operating.md', withOutcomes(readFileSync(join(root, 'docs/operating.md'), 'utf8'))],
  ]);
}

/** The generated files that are missing or out of date. */
export function drifted(root: string, files: ReadonlyMap<string, string>): string[] {
  return [...files].filter(([file, text]) => readOrNothing(join(root, file)) !== text).map(([file]) => file);
}

function readOrNothing(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

export function program(): Command {
  return new Command('docs')
    .description('Generates the playbook pages, their graphs and the other pages that the code knows.')
    .argument(
      '[paths...]',
      'only files whose paths begin so, as docs/images; without docs/notices.md no catalogue is drilled',
    )
    .option('--check', 'write nothing; exit with 1 when a page is out of date');
}

async function main(root: string): Promise<void> {
  const command = program().parse();
  const { check } = command.opts<{ check?: boolean }>();
  const isAsked = (file: string) => command.args.length === 0 || command.args.some((path) => file.startsWith(path));
  const notices = isAsked(noticesFile) ? [[noticesFile, noticesPage(await noticesOfCatalogue())] as const] : [];
  const files = new Map([...[...(await generatedDocs(root))].filter(([file]) => isAsked(file)), ...notices]);
  const stale = drifted(root, files);
  for (const file of stale) {
    console.log(`${check ? 'out of date' : 'written'}: ${file}`);
    if (check) continue;
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), files.get(file)!);
  }
  if (stale.length === 0) console.log(`All ${files.size} generated files are up to date.`);
  if (check && stale.length > 0) process.exitCode = 1;
}

if (require.main === module) void asCommand(() => main(join(__dirname, '..'))).finally(stopRecordStore);
