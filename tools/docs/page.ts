import type { StackResource } from '../../drill/stack/template';
import { catchRows, redEnds, scenarioRows, transientErrors } from './failures';
import { cell, code, duration, listed, table } from './markdown';
import { partsFile } from './parts';
import { permissionRows, statementsOf } from './permissions';
import type { Playbook } from './playbook';
import { assumedSeconds, dollars, pricesReadOn } from './prices';
import { manualStartCommand, startsOf } from './starts';
import { answersOf, functionIdOf, guardsOf, integrationOf, type State } from './states';

/** The page of a playbook in Markdown. Pure; ends with a line break. */
export function pageOf(playbook: Playbook): string {
  const { name, machine, parts } = playbook;
  const blocks = [
    `# ${name}`,
    `<!-- Made by \`npm run docs\` from the machine, its functions' IAM and its scenarios. Edit by hand: ${partsFile(name, 'md')} -->`,
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
    'Start it manually (dev stage shown):',
    fenced('sh', manualStartCommand(machineResource, resources, parts.manualStart)),
  ];
  return [
    '## Triggers',
    starts.length > 0
      ? starts.map((one) => `- ${one}`).join('\n')
      : 'No rule starts it. Start it manually or from your own schedule.',
    ...manualStart,
  ];
}

const fenced = (language: string, text: string) => `\`\`\`${language}\n${text}\n\`\`\``;

function stepSection({ machine, resources }: Playbook): string[] {
  const head = ['step', 'purpose', 'function or call', 'timeout', 'retries'];
  const rows = machine.states
    .filter(({ Type }) => Type !== 'Choice')
    .map((state) => [
      state.within ? `${state.within} → ${state.name}` : state.name,
      cell(state.Comment),
      functionLink(state, resources),
      timeoutText(state),
      cell(retryText(state)),
    ]);
  const transient = machine.states
    .flatMap(({ Retry }) => Retry)
    .find(({ ErrorEquals }) => ErrorEquals.includes(transientErrors));
  return [
    '## Steps',
    `An execution times out after ${duration(machine.timeoutSeconds)}.`,
    table(head, rows),
    transient
      ? `Transient errors are ${listed(transient.ErrorEquals.map(code))}. Retries back off exponentially, with full jitter.`
      : '',
  ];
}

function functionLink(state: State, resources: readonly StackResource[]): string {
  const integration = integrationOf(state);
  if (integration) return code(integration);
  const id = functionIdOf(state);
  const found = resources.find(({ logicalId }) => logicalId === id);
  if (!found) return '';
  const source = String(found.properties.Handler).replace(/\.handler$/, '.ts');
  return `[${shortName(found)}](../../${source})`;
}

const shortName = ({ properties }: StackResource) =>
  String(properties.FunctionName ?? properties.StateMachineName).replace(/^incident-playbooks-dev-/, '');

/** The stage sets how long a person may take: then it is the name of the param. */
function timeoutText({ TimeoutSeconds }: State): string {
  if (TimeoutSeconds === undefined) return '';
  const [, param] = /^\$\{param:(\w+)\}$/.exec(String(TimeoutSeconds)) ?? [];
  return param ? code(param) : duration(Number(TimeoutSeconds));
}

function retryText({ Retry }: State): string {
  return Retry.map(({ ErrorEquals, MaxAttempts }) => {
    const what = ErrorEquals.includes(transientErrors) ? 'transient errors' : ErrorEquals.map(code).join(' ');
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
  return [
    '## Guards',
    'Checks that can end the run before anything is changed:',
    table(['check', 'purpose', 'results'], rows),
  ];
}

function permissionSection({ machine, machineResource, resources }: Playbook): string[] {
  const ids = [...new Set(machine.states.flatMap((state) => functionIdOf(state) ?? []))];
  const functions = ids.flatMap((id) => resources.find(({ logicalId }) => logicalId === id) ?? []);
  const rowsOf = (resource: StackResource, role: unknown) => {
    const rows = permissionRows(statementsOf(role, resources));
    const shown = rows.length > 0 ? rows : [['none', '', '']];
    return shown.map((row, i) => [i === 0 ? `**${shortName(resource)}**` : '', ...row]);
  };
  const ownRows = permissionRows(statementsOf(machineResource.properties.RoleArn, resources)).map(([may = '']) => may);
  return [
    '## Permissions',
    `Each function has its own role (dev stage shown). The state machine's role allows ${listed([...new Set(ownRows)])} on its own steps. Every role can also write logs and traces.`,
    table(
      ['function', 'actions', 'resources', 'conditions'],
      functions.flatMap((one) => rowsOf(one, one.properties.Role)),
    ),
  ];
}

function failureSection({ machine, scenarios, parts, measured }: Playbook): string[] {
  const drilled =
    scenarios.length > 0
      ? table(['situation', 'result', 'scenario'], scenarioRows(scenarios))
      : 'No scenario in the catalogue covers this machine on its own.';
  const shown = measured.scenario ?? scenarios[0]?.name;
  const command = shown ? [fenced('sh', `npm run drill -- --scenario ${shown}`)] : [];
  const tests = parts.tests.map((file) => `[${file}](../../${file})`);
  return [
    '## Failures',
    'Errors that remain after all retries:',
    table(['error', 'steps', 'next step'], catchRows(machine)),
    `Failed ends: ${redEnds(machine).join(' ')}`,
    '## Drills',
    drilled,
    ...command,
    tests.length > 0 ? `More drills are in ${listed(tests)}.` : '',
  ];
}

function costSection({ measured }: Playbook): string[] {
  const { scenario, outcome, transitions, calls, stepFunctions, lambda } = measured;
  const where = scenario ? `the scenario ${code(scenario)}` : 'a typical drill';
  return [
    '## Cost of one execution',
    `Counted in ${where}, which ended ${outcome}:`,
    table(
      ['item', 'count', 'price', 'USD'],
      [
        ['state transitions', String(transitions), '$0.025 per 1,000', dollars(stepFunctions)],
        ['function calls', String(calls), `$0.20 per million, and ${assumedSeconds} s of 512 MB each`, dollars(lambda)],
        ['total', '', '', dollars(stepFunctions + lambda)],
      ],
    ),
    `us-east-1 prices without the free tier, as of ${pricesReadOn}; ${assumedSeconds} s per call is an assumption. See [docs/cost.md](../cost.md).`,
  ];
}
