import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Command } from 'commander';
import { endingWithTwo } from '../drill/command-line';
import { NewPlaybookError, planPlaybook } from './new-playbook/plan';

export function program(): Command {
  return endingWithTwo(new Command('new:playbook'))
    .description('Adds a playbook that validates its alarm and notifies people, with scenario, fixture, test and page.')
    .argument('<name>', 'name of the playbook, for example tell-team; alarms whose names begin with it will start it');
}

/** The next steps, in order. */
export function nextSteps(name: string): string[] {
  return [
    `npm run drill -- --scenario ${name}     # run it against the simulated cloud`,
    `npx jest tests/playbooks/${name}        # run its tests`,
    'npm run docs                            # generate its page and graph',
  ];
}

function main(root: string): void {
  const [name = ''] = program().parse().args;
  try {
    const files = planPlaybook(root, name);
    for (const [file, text] of files) {
      mkdirSync(dirname(join(root, file)), { recursive: true });
      writeFileSync(join(root, file), text);
    }
    console.log([...files.keys()].map((file) => `written: ${file}`).join('\n'));
    console.log(['', 'Next:', ...nextSteps(name).map((step) => `  ${step}`)].join('\n'));
  } catch (error) {
    if (!(error instanceof NewPlaybookError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 2;
  }
}

if (require.main === module) main(join(__dirname, '..'));
