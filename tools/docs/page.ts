import type { StackResource } from '../../drill/stack/template';
import { briefErrors, catchRows, redEnds, scenarioRows } from './failures';
import { cell, code, duration, listed, table } from './markdown';
import { partsFile } from './parts';
import { permissionRows, statementsOf } from './permissions';
import type { Playbook } from './playbook';
import { assumedSeconds, dollars, pricesReadOn } from './prices';
import { manualStartCommand, startsOf } from './starts';
import { answersOf, functionIdOf, guardsOf, type State } from './states';

/** The page of a playbook in Markdown. Pure; ends with a line break. */
export function pageOf(playbook: Playbook): string {
  const { name, machine, parts } = playbook;
  const blocks = [
    `# ${name}`,
    `<!-- Made by \`npm run docs\` from the machine, its functions' IAM and its scenarios. By hand: ${partsFile(name, 'md')} -->`,
    `${machine.purpose}.`,
    `![The state machine](../images/${name}.svg)`,
    ...startSection(playbook),
    parts.prose,
    ...stepSection(playbook),
    ...guardSection(playbook),
    ...permissionSection(playbook),
    ...failureSection(playbook),
    ...costSection(playbook),
  ];
  return `${blocks.filter(Boolean).join('\n\n')}\n`;
}

/** The list of all pages, with each machine's purpose. */
export function indexOf(playbooks: readonly Playbook[]): string {
  const rows = playbooks.map(({ name, machine, scenarios }) => [
    `[${name}](${name}.md)`,
    cell(machine.purpose),
    String(scenarios.length),
  ]);
  return `${['# The playbooks', '<!-- Made by `npm run docs` -->', table(['playbook', 'purpose', 'scenarios'], rows)].join('\n\n')}\n`;
}

function startSection({ machineResource, resources, parts }: Playbook): string[] {
  const starts = startsOf(machineResource.arn, resources);
  const manualStart = [
    'By hand, here in the dev stage:',
    fenced('sh', manualStartCommand(machineResource, resources, parts.manualStart)),
  ];
  return [
    '## How it is started',
    starts.length > 0
      ? starts.map((one) => `- ${one}`).join('\n')
      : 'No rule starts it: a person does, or a schedule of your own.',
    ...manualStart,
  ];
}

const fenced = (language: string, text: string) => `\`\`\`${language}\n${text}\n\`\`\``;

function stepSection({ machine, resources }: Playbook): string[] {
  const head = ['step', 'what it is for', 'function', 'time', 'tried again'];
  const rows = machine.states
    .filter(({ Type }) => Type !== 'Choice')
    .map((state) => [
      state.within ? `${state.within} → ${state.name}` : state.name,
      cell(state.Comment),
      functionLink(state, resources),
      state.TimeoutSeconds === undefined ? '' : duration(Number(state.TimeoutSeconds)),
      cell(retryText(state)),
    ]);
  const brief = machine.states
    .flatMap(({ Retry }) => Retry)
    .find(({ ErrorEquals }) => ErrorEquals.includes(briefErrors));
  return [
    '## The steps',
    `The whole execution may take ${duration(machine.timeoutSeconds)}.`,
    table(head, rows),
    brief
      ? `Brief errors are ${listed(brief.ErrorEquals.map(code))}. Pauses between tries grow, with full jitter.`
      : '',
  ];
}

function functionLink(state: State, resources: readonly StackResource[]): string {
  const id = functionIdOf(state);
  const found = resources.find(({ logicalId }) => logicalId === id);
  if (!found) return '';
  const source = String(found.properties.Handler).replace(/\.handler$/, '.ts');
  return `[${shortName(found)}](../../${source})`;
}

const shortName = ({ properties }: StackResource) =>
  String(properties.FunctionName ?? properties.StateMachineName).replace(/^incident-playbooks-dev-/, '');

function retryText({ Retry }: State): string {
  return Retry.map(({ ErrorEquals, MaxAttempts }) => {
    const what = ErrorEquals.includes(briefErrors) ? 'brief errors' : ErrorEquals.map(code).join(' ');
    return `${what} ×${MaxAttempts}`;
  }).join(', ');
}

function guardSection({ machine }: Playbook): string[] {
  const rows = guardsOf(machine).map((state) => [
    state.name,
    cell(state.Comment),
    answersOf(state)
      .map(([condition, next]) => `${condition} → **${next}**`)
      .join('<br>'),
  ]);
  if (rows.length === 0) return [];
  return ['## Guards', 'What may end the run before it acts:', table(['question', 'why', 'answers'], rows)];
}

function permissionSection({ machine, machineResource, resources }: Playbook): string[] {
  const ids = [...new Set(machine.states.flatMap((state) => functionIdOf(state) ?? []))];
  const functions = ids.flatMap((id) => resources.find(({ logicalId }) => logicalId === id) ?? []);
  const rowsOf = (resource: StackResource, role: unknown) => {
    const rows = permissionRows(statementsOf(role, resources));
    const shown = rows.length > 0 ? rows : [['nothing', '', '']];
    return shown.map((row, i) => [i === 0 ? `**${shortName(resource)}**` : '', ...row]);
  };
  const ownRows = permissionRows(statementsOf(machineResource.properties.RoleArn, resources)).map(([may = '']) => may);
  return [
    '## What each step may do',
    `One role for each function, in the dev stage. The machine's own role may do ${listed([...new Set(ownRows)])} on its own steps. Every role may write its log and its trace besides.`,
    table(
      ['function', 'may', 'on', 'only where'],
      functions.flatMap((one) => rowsOf(one, one.properties.Role)),
    ),
  ];
}

function failureSection({ machine, scenarios, parts, measured }: Playbook): string[] {
  const drilled =
    scenarios.length > 0
      ? table(['what happens', 'how it ends', 'scenario'], scenarioRows(scenarios))
      : 'No scenario of the catalogue is about this machine by itself.';
  const shown = measured.scenario ?? scenarios[0]?.name;
  const command = shown ? [fenced('sh', `npm run drill -- --scenario ${shown}`)] : [];
  const tests = parts.tests.map((file) => `[${file}](../../${file})`);
  return [
    '## What goes wrong, and how it ends',
    'Of the errors that are left after the retries:',
    table(['error', 'in', 'then'], catchRows(machine)),
    `How it ends red: ${redEnds(machine).join(' ')}`,
    '## Drilled by',
    drilled,
    ...command,
    tests.length > 0 ? `Also drilled by the tests in ${listed(tests)}.` : '',
  ];
}

function costSection({ measured }: Playbook): string[] {
  const { scenario, outcome, transitions, calls, stepFunctions, lambda } = measured;
  const where = scenario ? `the scenario ${code(scenario)}` : 'an ordinary drill';
  return [
    '## Cost of one execution',
    `Counted in ${where}, which ended as ${outcome}:`,
    table(
      ['what', 'how many', 'price', 'USD'],
      [
        ['state transitions', String(transitions), '$0.025 per 1,000', dollars(stepFunctions)],
        [
          'calls of functions',
          String(calls),
          `$0.20 per million, and ${assumedSeconds} s of 512 MB each`,
          dollars(lambda),
        ],
        ['together', '', '', dollars(stepFunctions + lambda)],
      ],
    ),
    `Prices of us-east-1 without the free tier, read on ${pricesReadOn}; the ${assumedSeconds} s are an assumption. [docs/cost.md](../cost.md) has the rest.`,
  ];
}
