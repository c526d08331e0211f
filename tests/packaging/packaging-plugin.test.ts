import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { type ClientConfig, PackagingPlugin } from '../../packaging/packaging-plugin';
import { wireStage } from '../fixtures/wire-stage';

const params = parse(readFileSync(join(__dirname, '../../resources/stages.yml'), 'utf8'));

/** As much of the Serverless Framework as the plugin touches, called with a command; `spawned` is what it was asked to run. */
function framework(command: string) {
  const esbuild: Record<string, unknown> = { bundle: true };
  const spawned: string[] = [];
  const serverless = {
    classes: { Error: class extends Error {} },
    configurationInput: { params },
    processedInput: { commands: [command] },
    service: {
      service: 'incident-playbooks',
      functions: {} as Record<string, object>,
      resources: {},
      custom: { esbuild },
      provider: { region: 'us-east-1', tags: {}, compiledCloudFormationTemplate: { Resources: {} } },
    },
    pluginManager: { spawn: async (name: string) => void spawned.push(name), plugins: [] },
    getProvider: () => ({ getAwsSdkV3Config: async (): Promise<ClientConfig> => ({}) }),
  };
  return { serverless, esbuild, spawned };
}

test('serverless template packages the stack, and is set to leave out the code of other packages from the start', async () => {
  const { serverless, esbuild, spawned } = framework('template');

  const { hooks } = new PackagingPlugin(serverless);
  expect(esbuild).toEqual({ bundle: true, packages: 'external' });

  await hooks['template:make']!();
  expect(spawned).toEqual(['package']);
});

describe('credentials', () => {
  /** What the plugin does first, for a command, where STS answers a deployment with this status. */
  async function begin(command: string, config: ClientConfig): Promise<void> {
    const { serverless } = framework(command);
    serverless.getProvider = () => ({ getAwsSdkV3Config: async () => config });
    await new PackagingPlugin(serverless).hooks.initialize!();
  }
  const noCredentials = async () => {
    throw Object.assign(new Error('Could not load credentials from any providers'), {
      name: 'CredentialsProviderError',
    });
  };

  test('that are missing are told before anything is packaged for a deployment', async () => {
    const config = { region: 'us-east-1', credentials: noCredentials };

    await expect(begin('deploy', config)).rejects.toThrow(
      /^No AWS credentials were found: set AWS_PROFILE, or log in\. Nothing was packaged\. \(CredentialsProviderError/,
    );
    await expect(begin('package', config)).resolves.toBeUndefined();
  });

  test('that AWS refuses are told then too, and good ones pass', async () => {
    const stage = await wireStage();
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    const config = { region: 'us-east-1', endpoint: stage.endpoint, credentials };
    await begin('deploy', config);
    stage.refused = { GetCallerIdentity: 'ExpiredToken' };

    await expect(begin('deploy', config)).rejects.toThrow(
      /^AWS did not accept the credentials.*: log in again\. Nothing was packaged\. \(ExpiredToken/,
    );
    await stage.close();
  });
});

test.each(['package', 'deploy'])('serverless %s bundles everything', (command) => {
  const { serverless, esbuild } = framework(command);
  serverless.getProvider = () => ({ getAwsSdkV3Config: () => new Promise(() => {}) });

  void new PackagingPlugin(serverless).hooks.initialize!();

  expect(esbuild).toEqual({ bundle: true });
});

test('a function and its role have the name of its key, in the stage', () => {
  const { serverless } = framework('package');
  serverless.service.functions = { stopInstance: { handler: 'functions/instance/stop-instance.handler' } };

  new PackagingPlugin(serverless, { stage: 'prod' }).hooks.initialize!();

  const name = 'incident-playbooks-prod-stop-instance';
  expect(serverless.service.functions.stopInstance).toMatchObject({ name, iamRoleStatementsName: name });
});

describe('a machine', () => {
  const frame = { Retry: {}, Catch: {}, Parts: { end: { Done: { Type: 'Succeed' } } } };
  const packaged = (States: Record<string, unknown>) => {
    const { serverless } = framework('package');
    const machine = { definition: { StartAt: 'Ask', States } as unknown };
    const { custom } = serverless.service;
    const withMachine = {
      ...serverless,
      configurationInput: { params, stepFunctions: { stateMachines: { askOnce: machine } } },
      service: { ...serverless.service, custom: { ...custom, frame } },
    };
    new PackagingPlugin(withMachine).hooks.initialize!();
    return machine.definition;
  };
  const ask = { Type: 'Task', Resource: 'arn:${AWS::Partition}:states:::sns:publish', Next: 'Done' };

  test('is put together with the frame before it is packaged', () => {
    expect(packaged({ Ask: ask, End: { Frame: 'end' } })).toMatchObject({
      States: { Ask: ask, Done: { Type: 'Succeed' } },
    });
  });

  test('that asks the frame for what it does not have is refused, with its name', () => {
    expect(() => packaged({ Ask: ask, End: { Frame: 'exit' } })).toThrow('askOnce: End: the frame has no part "exit"');
  });

  test('that is no valid definition is refused, with its name', () => {
    expect(() => packaged({ Ask: { ...ask, Next: 'Nowhere' }, End: { Frame: 'end' } })).toThrow(
      /^askOnce is not valid:\n/,
    );
  });
});
