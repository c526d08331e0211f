import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
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
    pluginManager: { spawn: async (name: string) => void spawned.push(name), plugins: [] as object[] },
    getProvider: () => ({ getAwsSdkV3Config: async (): Promise<ClientConfig> => ({}) }),
  };
  return { serverless, esbuild, spawned };
}

/** As much of the other plugins as the plugin touches, by the names of their classes. */
function otherPlugins(folder: string) {
  class EsbuildServerlessPlugin {
    serviceDirPath = folder;
    buildDirPath = join(folder, '.build');
    workDirPath = join(folder, '.esbuild');
    functionEntries = [{ entry: 'functions/instance/stop-instance.ts' }];
    buildCache = {};
  }
  class AwsPackage {
    saveServiceState() {
      throw new Error('The state was saved.');
    }
  }
  return { esbuild: new EsbuildServerlessPlugin(), aws: new AwsPackage() };
}

describe('the code of functions', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'plugin-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const packaged = (command: string) => {
    const { serverless, esbuild, spawned } = framework(command);
    const others = otherPlugins(folder);
    const stopInstance: Record<string, unknown> = { handler: 'functions/instance/stop-instance.handler' };
    serverless.service.functions = { stopInstance };
    serverless.pluginManager.plugins = Object.values(others);
    const { hooks } = new PackagingPlugin(serverless);
    const initialized = () => hooks['after:package:initialize']!();
    return { hooks, initialized, esbuild, spawned, stopInstance, others };
  };

  test('is left out by serverless template, which packages the stack all the same', async () => {
    const { hooks, initialized, spawned, stopInstance, others } = packaged('template');

    await hooks['template:make']!();
    initialized();

    expect(spawned).toEqual(['package']);
    const artifact = join(folder, '.esbuild', '.serverless', 'stopInstance.zip');
    expect(stopInstance).toMatchObject({ skipEsbuild: true, package: { artifact } });
    expect(existsSync(artifact)).toBe(true);
    expect(others.esbuild.buildCache).toEqual({});
    expect(() => others.aws.saveServiceState()).not.toThrow();
  });

  test.each(['package', 'deploy'])('is bundled whole by serverless %s, in groups', (command) => {
    const { initialized, esbuild, stopInstance, others } = packaged(command);

    initialized();

    expect(esbuild).toEqual({ bundle: true });
    expect(stopInstance).toEqual({ handler: 'functions/instance/stop-instance.handler' });
    expect(Object.keys(others.esbuild.buildCache)).toEqual(['functions/instance/stop-instance.ts']);
    expect(() => others.aws.saveServiceState()).toThrow();
  });
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
