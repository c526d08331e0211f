import { packageStage } from '../../drill/packaging/package-stage';
import { resolveTemplate } from '../../drill/stack/resolve';
import type { Template } from '../../drill/stack/template';
import { leaveOutUnnamed } from '../../packaging/leave-out';
import { runChecks } from '../../tools/template/checks';
import { withoutSuppressed } from '../../tools/template/checks/suppressions';
import { place } from '../../tools/template/samples';
import { validate } from '../../tools/template/validator';
import { lint } from './lint';
import { iamFindings, wholeTemplate, withSamples } from './packaged';

const slack = { chat: 'slack', chatSlackWorkspace: 'T0123ABCD', chatSlackChannel: 'C0123ABCD' };
const teams = {
  chat: 'teams',
  chatTeamsTenant: '0a1b2c3d-0a1b-2c3d-4e5f-0a1b2c3d4e5f',
  chatTeam: '1a1b2c3d-0a1b-2c3d-4e5f-0a1b2c3d4e5f',
  chatTeamsChannel: '19%3A0a1b2c3d4e5f%40thread.tacv2',
};
const withChat = (params: Record<string, string>) => packageStage('dev', { params });
const ofType = (template: Template, type: RegExp) =>
  [...resolveTemplate(template, place).values()].filter((one) => type.test(one.type));

const nothing = { type: '', ref: '', properties: {} as Record<string, unknown> };

const foundIn = (whole: Awaited<ReturnType<typeof wholeTemplate>>) => {
  const deployed = structuredClone(whole);
  leaveOutUnnamed(deployed);
  return withoutSuppressed([...runChecks(deployed), ...validate(JSON.stringify(deployed))]);
};

interface Button {
  ActionName: string;
  Definition: { CommandText: string };
  Attachments: {
    NotificationType: string;
    ButtonText: string;
    Criteria: { VariableName: string; Operator: string; Value?: string }[];
    Variables: Record<string, string>;
  }[];
}
const buttonsOf = (template: Template) =>
  ofType(template, /Chatbot::CustomAction/).map(({ properties }) => properties as unknown as Button);

test('without chat params nothing of it is in the template', async () => {
  const { Resources, Outputs = {} } = (await packageStage('dev')) as Template & { Outputs?: object };
  const ids = [...Object.keys(Resources), ...Object.keys(Outputs)];

  expect(JSON.stringify(Resources)).not.toMatch(/AWS::Chatbot|chatbot\.amazonaws|answer-from-chat|show-incident/);
  expect(ids.filter((id) => /Button|ChatChannel|ChatPolicy|AnswerFromChat|ShowIncident/.test(id))).toEqual([]);
});

describe.each([
  ['Slack', slack, { SlackWorkspaceId: 'T0123ABCD', SlackChannelId: 'C0123ABCD' }],
  [
    'Teams',
    teams,
    { TeamId: teams.chatTeam, TeamsTenantId: teams.chatTeamsTenant, TeamsChannelId: teams.chatTeamsChannel },
  ],
])('with params for %s', (client, params, ids) => {
  test('the stack makes the channel, with user roles, one narrow guardrail, and every button', async () => {
    const template = await withChat(params);
    const [channel = nothing, ...more] = ofType(template, /Chatbot::\w+ChannelConfiguration/);
    const [policy = nothing] = ofType(template, /IAM::ManagedPolicy/).filter(
      ({ logicalId }) => logicalId === 'ChatPolicy',
    );

    expect(more).toEqual([]);
    expect(channel.type).toContain(client);
    expect(channel.properties).toMatchObject({ ...ids, UserRoleRequired: true, GuardrailPolicies: [policy.ref] });
    expect(channel.properties.CustomizationResourceArns).toHaveLength(3);
    const topics = ofType(template, /SNS::Topic$/).map(({ ref }) => ref);
    expect([...(channel.properties.SnsTopicArns as string[])].sort()).toEqual(topics.sort());
    const { Statement } = policy.properties.PolicyDocument as { Statement: { Action: string; Resource: string[] }[] };
    expect(Statement.map(({ Action }) => Action)).toEqual(['lambda:InvokeFunction']);
    expect(Statement[0]!.Resource.map((arn) => arn.split(':').at(-1))).toEqual([
      'incident-playbooks-dev-answer-from-chat',
      'incident-playbooks-dev-show-incident',
    ]);
  });

  test('it lints clean, and its roles may do what they call and nothing else', async () => {
    const template = await withChat(params);

    const whole = await wholeTemplate('dev', params);
    expect(lint(whole)).toEqual([]);
    // What is found without chat, tests/template/checks.test.ts judges.
    expect(foundIn(whole)).toEqual(foundIn(await wholeTemplate('dev')));
    expect(await iamFindings(withSamples(template))).toEqual([]);
  });
});

test.each<[string, (resources: Awaited<ReturnType<typeof wholeTemplate>>['Resources']) => void]>([
  [
    'a guardrail that allows more than the buttons',
    (resources) => {
      const document = resources.ChatPolicy!.Properties!.PolicyDocument as { Statement: { Resource: unknown }[] };
      document.Statement[0]!.Resource = [{ 'Fn::GetAtt': ['StopInstanceLambdaFunction', 'Arn'] }];
    },
  ],
  [
    'the same policy for people, without a channel',
    (resources) => {
      delete resources.ChatChannel;
    },
  ],
])('%s is found', async (_what, plant) => {
  const whole = await wholeTemplate('dev', slack);
  plant(whole.Resources);

  expect(runChecks(whole)).toContainEqual(expect.objectContaining({ at: 'ChatPolicy', check: 'access' }));
});

test('the role of the channel itself may do nothing', async () => {
  const [role] = ofType(await withChat(slack), /IAM::Role/).filter(({ logicalId }) => logicalId === 'ChatChannelRole');

  expect(role?.properties).not.toHaveProperty('Policies');
  expect(role?.properties).not.toHaveProperty('ManagedPolicyArns');
});

test('buttons fit their limits: source: API reference, CreateCustomAction; guide, "Custom actions"', async () => {
  const buttons = buttonsOf(await withChat(slack));

  expect(buttons.map(({ Attachments }) => Attachments[0]!.ButtonText)).toEqual(['Approve', 'Deny', 'Show incident']);
  for (const { ActionName, Definition, Attachments } of buttons) {
    const [{ NotificationType, ButtonText, Criteria, Variables }] = Attachments as [Button['Attachments'][0]];
    expect(ActionName).toMatch(/^[\w-]{1,64}$/);
    expect(Definition.CommandText.length).toBeLessThanOrEqual(100);
    expect(NotificationType).toBe('Custom');
    expect(ButtonText.length).toBeLessThanOrEqual(20);
    expect(Criteria.length).toBeLessThanOrEqual(5);
    expect(Object.keys(Variables).length).toBeLessThanOrEqual(5);
    const used = [...Definition.CommandText.matchAll(/\$(\w+)/g)].map(([, name]) => name);
    const asked = Criteria.map(({ VariableName }) => VariableName);
    expect(new Set([...used, ...asked])).toEqual(new Set(Object.keys(Variables)));
    for (const path of Object.values(Variables)) expect(path).toMatch(/^event\.metadata\.additionalContext\.\w+$/);
  }
});
