import { loadScenario, parseScenario, ScenarioError, scenarioNames } from '../../../drill/scenario/load';

const good = `name: cpu-high
story: A story of more than ten letters.
fleet:
  - symptoms:
      - metricName: CPUUtilization
expect:
  executions: 1
`;

const placed = (places: string) => `${good}places: [${places}]\n`;

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
  ['the own place among the others', placed('{ account: "123456789012" }'), '[0]: the place 123456789012 in us-east-1'],
  [
    'a place that is given twice',
    placed('{ account: "210987654321" }, { account: "210987654321", region: us-east-1 }'),
    'x.yml:8:39: places[1]: the place 210987654321 in us-east-1 is there already',
  ],
  [
    'an instance ID that a place has twice',
    placed(
      '{ account: "210987654321", fleet: [{ instanceId: i-0123456789abcdef0 }, { instanceId: i-0123456789abcdef0 }] }',
    ),
    'places[0].fleet[1]: only one instance of a place can have the ID i-0123456789abcdef0',
  ],
  [
    'an instance ID for several instances',
    good.replace('- symptoms', '- count: 2\n    instanceId: i-0123456789abcdef0\n    symptoms'),
    'x.yml:4:5: fleet[0]: only one instance of a place can have the ID i-0123456789abcdef0',
  ],
  [
    'something expected of a place that is not there, which would always hold',
    good.replace('executions: 1', 'places: [{ account: "210987654321", untouched: true }]'),
    'x.yml:7:12: expect.places[0]: the scenario has no place 210987654321 in us-east-1',
  ],
  ['an unknown way to start', `${good}starts: { by: magic }\n`, 'x.yml:8:11: starts.by:'],
])('%s: file, line, column and field are named', (_title, text, message) => {
  expect(() => parseScenario(text, 'x.yml')).toThrow(ScenarioError);
  expect(() => parseScenario(text, 'x.yml')).toThrow(message);
});

test('the same instance ID may be in every place, also in another region of an account', () => {
  const fleet = 'fleet: [{ instanceId: i-0123456789abcdef0 }]';
  const others = ['"123456789012", region: eu-west-1', '"210987654321"', '"210987654321", region: eu-west-1'];
  const { places } = parseScenario(placed(others.map((one) => `{ account: ${one}, ${fleet} }`).join(', ')), 'x.yml');

  expect(places).toHaveLength(3);
});

test('the former name of symptoms is taken in every place', () => {
  const ailments = 'ailments: [{ metricName: CPUUtilization }]';
  const { fleet, places } = parseScenario(
    placed(`{ account: "210987654321", fleet: [{ ${ailments} }] }`).replace('symptoms', 'ailments'),
    'x.yml',
  );

  for (const one of [fleet, places[0]!.fleet])
    expect(one[0]!.symptoms).toMatchObject([{ metricName: 'CPUUtilization' }]);
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
