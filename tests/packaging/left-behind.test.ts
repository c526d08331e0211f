import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SFNClient } from '@aws-sdk/client-sfn';
import { parse } from 'yaml';
import { aliasesLeftBehind } from '../../packaging/left-behind';
import { PackagingPlugin } from '../../packaging/packaging-plugin';
import { type WireEndpoint, type WireStage, wireStage } from '../fixtures/wire-stage';

const names = ['restart-instance', 'block-traffic'].map((name) => `incident-playbooks-dev-${name}`);
const template = {
  Resources: Object.fromEntries(
    names.map((StateMachineName, i) => [
      `Machine${i}`,
      { Type: 'AWS::StepFunctions::StateMachine', Properties: { StateMachineName } },
    ]),
  ),
};
let stage: WireEndpoint | undefined;
afterEach(() => stage?.close());

async function after(given: Partial<WireStage>): Promise<string[]> {
  stage = await wireStage({ machines: names, versions: [5, 6], ...given });
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const sfn = new SFNClient({ endpoint: stage.endpoint, region: 'us-east-1', credentials, maxAttempts: 1 });
  return aliasesLeftBehind(template, sfn, 'dev');
}

test('a deployment whose aliases start the newest versions has nothing to say', async () => {
  expect(await after({})).toEqual([]);
});

test('an alias that was moved back before is named, with the command that moves it forward', async () => {
  expect(await after({ routingOf: { [names[0]!]: [{ version: 5, weight: 100 }] } })).toEqual([
    'The alias of restart-instance is left behind: it starts version 5, and the newest is 6. To move it forward: npm run releases -- --stage dev --playbook restart-instance --to newest',
  ]);
});

test('an alias of another stage and one of a machine that is not deployed here are none of its concern', async () => {
  const machines = ['incident-playbooks-dev-former', 'incident-playbooks-dev2-restart-instance'];

  expect(await after({ machines, routing: [{ version: 5, weight: 100 }] })).toEqual([]);
});

test('what cannot be read is said, and fails no deployment that is done', async () => {
  const [line, ...more] = await after({ refused: { ListStateMachineVersions: 'AccessDeniedException' } });

  expect(line).toMatch(/^Whether an alias is left behind could not be read .*AccessDenied.*npm run releases/);
  expect(more).toEqual([]);
});

test('serverless deploy says it as a warning', async () => {
  stage = await wireStage({ machines: names, versions: [5, 6], routing: [{ version: 5, weight: 100 }] });
  const { endpoint } = stage;
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const serverless = {
    classes: { Error },
    configurationInput: { params: parse(readFileSync(join(__dirname, '../../resources/stages.yml'), 'utf8')) },
    processedInput: { commands: ['deploy'] },
    service: { custom: { esbuild: {} }, provider: { compiledCloudFormationTemplate: template } },
    getProvider: () => ({ getAwsSdkV3Config: async () => ({ endpoint, region: 'us-east-1', credentials }) }),
  };
  const said: string[] = [];
  const plugin = new PackagingPlugin(
    serverless as never,
    { stage: 'dev' },
    { log: { warning: (text) => said.push(text) } },
  );

  await plugin.hooks['after:deploy:deploy']!();

  expect(said).toEqual(names.map(() => expect.stringContaining('is left behind: it starts version 5')));
});
