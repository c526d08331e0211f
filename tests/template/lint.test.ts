import { packageStage } from '../../drill/packaging/package-stage';
import { leaveOutUnnamed } from '../../packaging/leave-out';
import { type LintedTemplate, lint } from './lint';
import { wholeTemplate } from './packaged';

const packaged = async (stage: string): Promise<LintedTemplate> => wholeTemplate(stage);
/** A copy of the dev template with a mistake in it. */
const withMistake = async (mistake: (resources: LintedTemplate['Resources']) => void) => {
  const template = await packaged('dev');
  mistake(template.Resources);
  return lint(template);
};

test.each(['dev', 'staging', 'prod'])('the template of %s lints clean', async (stage) => {
  expect(lint(await packaged(stage))).toEqual([]);
});

describe('a mistake is found:', () => {
  test.each<[string, (resources: LintedTemplate['Resources']) => void, string]>([
    [
      'a property that does not exist',
      (r) => {
        r.IncidentsTable!.Properties!.TableNam = 'x';
      },
      'IncidentsTable.Properties.TableNam: there is no such property',
    ],
    [
      'a required property that is missing',
      (r) => {
        delete r.IncidentsTable!.Properties!.KeySchema;
      },
      'IncidentsTable.Properties: KeySchema is required',
    ],
    [
      'a text where a number belongs',
      (r) => {
        r.CpuHighAlarm!.Properties!.Threshold = 'high';
      },
      'CpuHighAlarm.Properties.Threshold: expected a number',
    ],
    [
      'a nested property that does not exist',
      (r) => {
        (r.IncidentsTable!.Properties!.SSESpecification as Record<string, unknown>).Enabled = true;
      },
      'IncidentsTable.Properties.SSESpecification.Enabled: there is no such property',
    ],
    [
      'a type that does not exist',
      (r) => {
        r.NoticesTopic!.Type = 'AWS::SNS::Topik';
      },
      'NoticesTopic: AWS::SNS::Topik is no resource type',
    ],
    [
      'a reference to nothing',
      (r) => {
        r.CpuHighAlarm!.Properties!.AlarmActions = [{ Ref: 'Nobody' }];
      },
      'CpuHighAlarm.AlarmActions[0]: Nobody does not exist',
    ],
    [
      'an order after nothing',
      (r) => {
        r.PatrolFleetRule!.DependsOn = ['Nobody'];
      },
      'PatrolFleetRule.DependsOn: Nobody does not exist',
    ],
    [
      'an attribute that does not exist',
      (r) => {
        r.CpuHighAlarm!.Properties!.AlarmActions = [{ 'Fn::GetAtt': ['NoticesTopic', 'Address'] }];
      },
      'CpuHighAlarm.AlarmActions[0]: AWS::SNS::Topic has no attribute Address',
    ],
  ])('%s', async (_what, mistake, finding) => {
    expect(await withMistake(mistake)).toContain(finding);
  });
});

test('a stage with everything on, every log group and a chat channel fits into a stack, with room left', async () => {
  const chat = { chat: 'slack', chatSlackWorkspace: 'T0123ABCD', chatSlackChannel: 'C0123ABCD' };
  // Nothing is left out of it: what a condition leaves out counts too.
  const { Resources } = await packageStage('dev', { params: chat });
  const ids = Object.keys(Resources);

  for (const one of ['TrailLogGroup', 'FlowLogGroup', 'LoginLogGroup', 'SystemLogGroup', 'ApplicationLogGroup'])
    expect(Object.values(Resources).some(({ Condition }) => Condition === `Has${one}`)).toBe(true);
  expect(ids.some((id) => Resources[id]!.Type.startsWith('AWS::Chatbot::'))).toBe(true);
  expect(ids).toEqual(expect.arrayContaining(['OrganizationChangeFilter', 'OrganizationChangeAlarm']));
  expect(ids.length).toBeLessThanOrEqual(470);
});

test('a stage that names no log group has room for several playbooks of one’s own', async () => {
  const template = structuredClone(await packageStage('dev'));
  const before = Object.keys(template.Resources).length;
  leaveOutUnnamed(template);

  // Source: CloudFormation user guide, "CloudFormation quotas": those with a condition count too.
  expect(Object.keys(template.Resources).length).toBeLessThanOrEqual(400);
  expect(before).toBeLessThanOrEqual(500);
  expect(lint(template)).toEqual([]);
});
