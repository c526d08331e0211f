import { loadScenario, parseScenario, ScenarioError, scenarioNames } from '../../../drill/scenario/load';

const good = `name: cpu-high
story: A story of more than ten letters.
fleet:
  - symptoms:
      - metricName: CPUUtilization
expect:
  executions: 1
`;

test('a scenario that says little is filled in: an opted-in instance, in the dev stage, in act mode', () => {
  const scenario = parseScenario(good, 'x.yml');

  expect(scenario).toMatchObject({ stage: 'dev', mode: 'act', starts: { by: 'alarm' }, playbook: 'restart-instance' });
  expect(scenario.fleet[0]).toMatchObject({ tags: { 'incident-playbooks:enabled': 'true' }, count: 1 });
});

test('what is alike is written once, and the rest refers to it', () => {
  const twice = good.replace('- metricName', '- &high\n        metricName');
  const { fleet } = parseScenario(twice.replace('expect:', '      - { <<: *high, value: 40 }\nexpect:'), 'x.yml');

  expect(fleet[0]?.symptoms).toMatchObject([
    { metricName: 'CPUUtilization', value: 97 },
    { metricName: 'CPUUtilization', value: 40 },
  ]);
});

test.each([
  ['a field that does not exist', good.replace('expect:', 'expcet:'), 'x.yml:6:1: expcet: unknown field'],
  [
    'a typo deep inside',
    good.replace('metricName', 'metricname'),
    'x.yml:5:9: fleet[0].symptoms[0].metricname: unknown field',
  ],
  [
    'a metric that does not exist',
    good.replace('CPUUtilization', 'CPU'),
    'x.yml:5:9: fleet[0].symptoms[0].metricName:',
  ],
  ['a wrong kind of value', good.replace('executions: 1', 'executions: many'), 'x.yml:7:3: expect.executions:'],
  ['an outcome that does not exist', `${good}  outcomes: [FIXED]\n`, 'x.yml:8:14: expect.outcomes[0]:'],
  ['a story that is missing', good.replace(/story.*\n/, ''), 'x.yml:1:1: story:'],
  ['YAML that is broken', good.replace('fleet:', 'fleet: ['), /^x\.yml:\d+:\d+: /],
  ['an empty file', '', 'x.yml:1:1: the file:'],
  ['an unknown way to start', `${good}starts: { by: magic }\n`, 'x.yml:8:11: starts.by:'],
])('%s: file, line, column and field are named', (_title, text, message) => {
  expect(() => parseScenario(text, 'x.yml')).toThrow(ScenarioError);
  expect(() => parseScenario(text, 'x.yml')).toThrow(message);
});

test('a scenario that does not exist is answered with those that do', async () => {
  await expect(loadScenario('cpu')).rejects.toThrow(/There is no scenario "cpu"\. Choose one of: .*cpu-high-restart/);
  await expect(loadScenario('../../package')).rejects.toThrow(ScenarioError);
});

test('every scenario of the catalogue can be read, is named like its file, and has a story of one line', async () => {
  const scenarios = await Promise.all((await scenarioNames()).map(loadScenario));

  expect(scenarios.length).toBeGreaterThanOrEqual(12);
  for (const { story } of scenarios) expect(story).not.toContain('\n');
});
