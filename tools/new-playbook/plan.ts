import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PlaybookError } from '../../functions/shared/errors';

/** A playbook with this name cannot be created; the message says why. */
export class NewPlaybookError extends PlaybookError {}

/** Where each file of the template goes. */
const targets: Record<string, string> = {
  'machine.asl.yml': 'statemachines/example-playbook.asl.yml',
  'report.txt': 'functions/example-playbook/report.ts',
  'functions.yml': 'functions/example-playbook/functions.yml',
  'resources.yml': 'resources/playbooks/example-playbook.yml',
  'scenario.yml': 'drill/scenarios/example-playbook.yml',
  'event.json': 'tests/fixtures/events/example-playbook-network-in-low.json',
  'playbook.test.txt': 'tests/playbooks/example-playbook.test.ts',
  'page.md': 'docs/playbooks/parts/example-playbook.md',
  'page.yml': 'docs/playbooks/parts/example-playbook.yml',
};

/** `stop-idle` → `StopIdle`. */
const pascal = (name: string) => name.replace(/(^|-)(\w)/g, (_, _hyphen, letter: string) => letter.toUpperCase());
const camel = (name: string) => pascal(name).replace(/^./, (letter) => letter.toLowerCase());

const named = (text: string, name: string, from = 'example-playbook') =>
  text.replaceAll(from, name).replaceAll(pascal(from), pascal(name)).replaceAll(camel(from), camel(name));

/**
 * Every file that a new playbook adds or changes, with its new text, by its path from the project folder. Writes nothing.
 * @throws NewPlaybookError when the name is not valid, or the project does not look as expected
 */
export function planPlaybook(root: string, name: string): Map<string, string> {
  checkName(name, playbooksOf(root));
  const read = (file: string) => readFileSync(join(root, file), 'utf8');
  const files = new Map<string, string>();
  for (const [from, to] of Object.entries(targets)) {
    const file = named(to, name);
    if (existsSync(join(root, file))) throw new NewPlaybookError(`${file} already exists`);
    files.set(file, named(read(join('tools/new-playbook/template', from)), name));
  }
  const rules = 'resources/rules.yml';
  const letters = afterLast(read(rules), rules, /^ +- !GetAtt \w+Rule\.Arn$/gm, (line) =>
    line.replace(/\w+Rule\.Arn/, `${pascal(name)}Rule.Arn`),
  );
  const own = (line: string) => line.replace(/\w+StateMachine/, `${pascal(name)}StateMachine`);
  const ended = afterLast(letters, rules, /^ +- !Ref \w+StateMachine$/gm, own);
  files.set(rules, afterLast(ended, rules, /^ +- !Sub "\$\{\w+StateMachine\}:live"$/gm, own));
  const service = 'serverless.yml';
  const withFunctions = afterLast(read(service), service, /^ +- \$\{file\(functions\/.+\)\}$/gm, (line) =>
    line.replace(/\(.+\)/, `(functions/${name}/functions.yml)`),
  );
  files.set(
    service,
    afterLast(withFunctions, service, /^ +- \$\{file\(resources\/.+\)\}$/gm, (line) =>
      line.replace(/\(.+\)/, `(resources/playbooks/${name}.yml)`),
    ),
  );
  const subjects = 'tools/docs/subjects.json';
  files.set(
    subjects,
    afterLast(
      read(subjects),
      subjects,
      /^ {2}".+": ".+"(?=\n\})/gm,
      () => `  "${name}": "the steps of ${name}"`,
    ).replace(/"\n(?= {2}")/g, '",\n'),
  );
  files.set('statemachines/machines.yml', withMachine(read('statemachines/machines.yml'), name));
  return files;
}

const playbooksOf = (root: string) =>
  readdirSync(join(root, 'statemachines'))
    .filter((file) => file.endsWith('.asl.yml'))
    .map((file) => file.replace('.asl.yml', ''));

function checkName(name: string, existing: readonly string[]): void {
  // EventBridge allows 64 characters for a rule name; service and stage take up to 34 of them.
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)+$/.test(name) || name.length > 30)
    throw new NewPlaybookError(
      `"${name}" is not a valid name: use two or more words in lower case with hyphens, at most 30 characters, for example tell-team`,
    );
  // Alarm names begin with the playbook's name: if one name is a prefix of another, both would start.
  const clash = existing.find((one) => one === name || one.startsWith(`${name}-`) || name.startsWith(`${one}-`));
  if (clash) throw new NewPlaybookError(`"${name}" clashes with ${clash}: alarms of one would start the other as well`);
}

/** Inserts a line after the last one that matches. */
function afterLast(text: string, file: string, pattern: RegExp, lineFrom: (line: string) => string): string {
  const last = [...text.matchAll(pattern)].at(-1);
  if (!last) throw new NewPlaybookError(`${file}: found no line like ${pattern.source} to add the playbook after`);
  const end = last.index + last[0].length;
  return `${text.slice(0, end)}\n${lineFrom(last[0])}${text.slice(end)}`;
}

/** Repeats the last machine's entry under the new name. */
function withMachine(text: string, name: string): string {
  const entry = /^ {2}(\w+):\n(?: {4}.*\n)+(?![\s\S])/m.exec(text);
  const former = entry && /definition: \$\{file\(statemachines\/(.+)\.asl\.yml\)\}/.exec(entry[0])?.[1];
  if (!entry || !former)
    throw new NewPlaybookError('statemachines/machines.yml: the last entry is not a state machine');
  return `${text}${named(entry[0], name, former)}`;
}
