import { play } from '../../../cli/act/play';
import { loadScenario } from '../../../drill/scenario/load';
import type { DrillResult } from '../../../drill/scenario/result';
import { runScenario } from '../../../drill/scenario/run';
import { stageClients } from '../../../drill/stage/clients';
import { asAwsExport } from '../../fixtures/aws-history';
import { wireStage } from '../../fixtures/wire-stage';

let result: DrillResult;
beforeAll(async () => {
  result = await runScenario(await loadScenario('isolate-release'));
});

const before = { ...process.env };
beforeAll(() => Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' }));
afterAll(() => {
  process.env = before;
});

/** Plays a playbook whose execution has the history that the real machine had in a drill. */
async function played(playbook: string) {
  const { history } = result.executions.find(({ machine }) => machine.endsWith(playbook))!;
  const machine = `incident-playbooks-dev-${playbook}`;
  const stage = await wireStage({ machines: [machine], history: asAwsExport(history).events });
  const said: string[] = [];
  const noted: string[] = [];
  const clients = stageClients({ region: 'us-east-1', endpoint: stage.endpoint });
  const ended = await play(
    {
      options: { stage: 'dev', subnet: 'subnet-0123456789abcdef0', runId: 'abc123', requestedBy: 'kim' },
      clients: { ...clients, cloudWatch: undefined as never },
      machines: new Map([[playbook, `arn:aws:states:us-east-1:123456789012:stateMachine:${machine}`]]),
      ledger: { entries: [], note: (_what, id) => noted.push(id) },
      clock: { now: () => new Date(), wait: async () => {}, signal: new AbortController().signal },
      settings: {
        MODE: 'act',
        OPT_IN_TAG: 'incident-playbooks:enabled',
        PROTECTED_TAG: 'incident-playbooks:protected',
      },
      say: (line) => said.push(line),
      onLine: () => {},
    },
    playbook,
    {},
  );
  const started = stage.asked.find(({ action }) => action === 'StartExecution')!.input;
  await stage.close();
  return { ended, said, noted, started };
}

test.each([
  ['isolate-instance', 'CONTAINED', ['isolate', 'revoke-sessions']],
  ['release-instance', 'RELEASED', ['release']],
])(
  'what the real %s has been through is read: its outcome, its incident, and every question with its answer',
  async (playbook, outcome, subjects) => {
    const { ended, said, noted, started } = await played(playbook);
    const incidents = result.incidents.map(({ incidentId }) => incidentId);

    expect(ended.word).toBe(outcome);
    expect(incidents).toContain(ended.incidentId);
    expect(said.filter((line) => line.startsWith('Somebody'))).toEqual(
      subjects.map(
        (subject) =>
          `Somebody else answers now: npm run approve -- ${ended.incidentId} --yes --stage dev --subject ${subject} (or --no)`,
      ),
    );
    expect(said.filter((line) => !line.startsWith('Somebody'))).toEqual(
      subjects.map((subject) => expect.stringContaining(`${playbook} waits for an answer to: ${subject}? `)),
    );
    expect(said.filter((line) => line.includes('everyone who uses the role')).length).toBe(
      subjects.includes('revoke-sessions') ? 1 : 0,
    );
    expect(started).toMatchObject({
      stateMachineArn: expect.stringMatching(/:live$/),
      name: `smoke-act-abc123-${playbook}`,
    });
    expect(noted).toEqual([
      `arn:aws:states:us-east-1:123456789012:execution:incident-playbooks-dev-${playbook}:smoke-act-abc123-${playbook}`,
    ]);
  },
);
