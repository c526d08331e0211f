import { catalogue, namespace } from '../../../functions/record/metrics/catalogue';
import { emit } from '../../../functions/record/metrics/emit';
import { logger } from '../../../functions/shared/logger';

let written: Record<string, unknown>[];

beforeEach(() => {
  written = [];
  jest.spyOn(logger.console, 'info').mockImplementation((text) => {
    written.push(JSON.parse(String(text)));
  });
  jest.useFakeTimers({ now: new Date('2026-11-24T02:00:00Z') });
});
afterEach(() => jest.useRealTimers());

test('datapoints of a playbook are one document in the embedded metric format', () => {
  emit(
    [
      { name: 'Incidents', value: 1, playbook: 'restart-instance' },
      { name: 'Duration', value: 30, playbook: 'restart-instance' },
      { name: 'Duration', value: 40, playbook: 'restart-instance' },
    ],
    'prod',
  );

  expect(written).toEqual([
    {
      _aws: {
        Timestamp: Date.parse('2026-11-24T02:00:00Z'),
        CloudWatchMetrics: [
          {
            Namespace: 'IncidentPlaybooks',
            Dimensions: [['service', 'Stage', 'Playbook']],
            Metrics: [
              { Name: 'Incidents', Unit: 'Count' },
              { Name: 'Duration', Unit: 'Seconds' },
            ],
          },
        ],
      },
      service: 'incident-playbooks',
      Stage: 'prod',
      Playbook: 'restart-instance',
      Incidents: [1],
      Duration: [30, 40],
    },
  ]);
});

test('a stage’s own figures have no playbook, and each playbook has a document of its own', () => {
  emit(
    [
      { name: 'NoticesDue', value: 2 },
      { name: 'Incidents', value: 1, playbook: 'restart-instance' },
      { name: 'Incidents', value: 1, playbook: 'block-traffic' },
    ],
    'dev',
  );

  expect(written).toMatchObject([
    { Stage: 'dev', NoticesDue: [2], _aws: { CloudWatchMetrics: [{ Dimensions: [['service', 'Stage']] }] } },
    { Playbook: 'restart-instance', Incidents: [1] },
    { Playbook: 'block-traffic', Incidents: [1] },
  ]);
  expect(written[0]).not.toHaveProperty('Playbook');
});

test('nothing to tell writes nothing', () => {
  emit([], 'dev');

  expect(written).toEqual([]);
});

test('the catalogue has a unit and the dimensions of every metric', () => {
  expect(namespace).toBe('IncidentPlaybooks');
  const byPlaybook = ['service', 'Stage', 'Playbook'];
  const seconds = ['TimeToAct', 'TimeToRecover', 'Duration'];
  const ofStage = ['NoticesDue', 'EnrolledInstances', 'AlarmsRepaired', 'PatrolledInstances', 'UnattendedAlarms'];

  for (const name of ['Resolved', 'Escalated', 'Incidents', 'Vetoes', 'GuardRefusals', 'BreakerOpen', 'Storms'])
    expect(catalogue.get(name)).toEqual({ unit: 'Count', dimensions: byPlaybook });
  for (const name of seconds) expect(catalogue.get(name)).toEqual({ unit: 'Seconds', dimensions: byPlaybook });
  for (const name of ofStage) expect(catalogue.get(name)).toEqual({ unit: 'Count', dimensions: ['service', 'Stage'] });
});
