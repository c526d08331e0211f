import { packageStage } from '../../drill/packaging/package-stage';
import { readDefinitions } from '../../drill/report/definitions';
import { scenarioNames } from '../../drill/scenario/load';
import { endsWell, outcomes, severityOf } from '../../functions/record/outcomes';
import { root, textOf } from '../../tools/docs/pages';

const watchers = ['patrol-fleet', 'reconcile-alarms', 'review-incidents'];
const sharing = [...readDefinitions(root).keys()].filter((name) => !watchers.includes(name));
const operating = textOf('docs/operating.md');

/** The cells of a table's rows. */
const rowsOf = (text: string) =>
  text
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) => line.split(/(?<!\\)\|/).map((cell) => cell.trim()));

test('every outcome is told, with the colour of the console and the severity of its notice', () => {
  const told = new Map(rowsOf(operating).map(([, name = '', console, severity]) => [name, { console, severity }]));

  for (const outcome of outcomes) {
    // A suspicion has no execution of its own.
    const colour = endsWell(outcome) ? 'green' : 'red';
    expect([outcome, told.get(outcome)]).toEqual([
      outcome,
      { console: outcome === 'SUSPECTED' ? '–' : colour, severity: severityOf(outcome) },
    ]);
  }
});

test('every alarm of the automation itself is told of, the machines’ by one line', async () => {
  const { Resources } = await packageStage('dev');
  const alarms = Object.values(Resources)
    .filter(({ Type }) => Type === 'AWS::CloudWatch::Alarm')
    .map(({ Properties }) => String(Properties.AlarmName))
    .filter((name) => name.startsWith('incident-playbooks-dev-'))
    .map((name) => name.replace('incident-playbooks-dev-', ''))
    // Playbooks that act share one line, "…-restart-instance-failed and others"; watchers have their own.
    .filter((name) => !sharing.some((one) => name === `${one}-failed`));

  expect(alarms.length).toBeGreaterThan(5);
  expect(alarms.filter((name) => !operating.includes(`…-${name}`))).toEqual([]);
});

test('what the threat model shows by a scenario is one', async () => {
  const shown = rowsOf(textOf('docs/threat-model.md')).flatMap((cells) =>
    cells.length === 6 ? [...(cells[3] ?? '').matchAll(/`([a-z-]+)`/g)].map(([, name = '']) => name) : [],
  );
  const names = await scenarioNames();

  expect(shown.length).toBeGreaterThan(8);
  expect(shown.filter((name) => !names.includes(name))).toEqual([]);
});
