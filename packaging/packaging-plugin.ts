import { join } from 'node:path';
import type { DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import enrolledAlarms from '../resources/enrolled-alarms.json';
import { type Bundler, buildInGroups } from './bundle-groups';
import { CredentialsError, checkCredentials } from './check-credentials';
import { type CompiledTemplate, completeTemplate } from './complete-template';
import { checkEnrolledAlarms, EnrolledAlarmsError, setPeriods } from './enrolled-alarms';
import { fillKeys } from './fill-keys';
import { assembleMachine, FrameError } from './frame';
import { NameError, nameByRegion } from './global-names';
import { leaveOutUnnamed, TooManyResourcesError } from './leave-out';
import { aliasesLeftBehind } from './left-behind';
import { withParts } from './parts';
import { protectTables, TableProtectionError } from './protect-tables';
import { prepareHub, tellFunctions } from './spoke/hub';
import { TooManySpokesError } from './spoke/limits';
import { parseStages, StageParamError, type StageParams } from './stages';
import { leaveOutCode, type StateSaver, type Zipper } from './template-only';
import { ownTemporaryFolder } from './temporary-folder';
import { validateMachine } from './validate-machine';

const root = join(__dirname, '..');

/** What the clients of every service take. */
export type ClientConfig = Pick<DynamoDBClientConfig, 'region' | 'endpoint' | 'credentials'>;

/** The part of the Serverless Framework that the plugin uses. */
interface Serverless {
  /** The framework prints only the message of an error of this class. */
  classes: { Error: new (message: string, code: string) => Error };
  configurationInput: { params?: unknown; stepFunctions?: { stateMachines: Record<string, { definition: unknown }> } };
  processedInput: { commands: string[] };
  service: {
    service: string;
    functions: Record<string, { name?: string; iamRoleStatementsName?: string; environment?: Record<string, unknown> }>;
    resources?: { Resources?: Parameters<typeof withParts>[0] };
    provider: {
      environment?: Record<string, unknown>;
      region: string;
      tags: Record<string, string>;
      compiledCloudFormationTemplate: CompiledTemplate;
    };
    custom: { esbuild: Record<string, unknown>; frame?: unknown; parts?: unknown };
    [section: string]: unknown;
  };
  pluginManager: { spawn(command: string): Promise<void>; plugins: readonly object[] };
  getProvider(name: 'aws'): { getAwsSdkV3Config(): Promise<ClientConfig> };
}

/** What the framework gives a plugin to say something with. */
interface Utils {
  log: { warning(text: string): void };
}

/**
 * What the Serverless Framework and its plugins do not do: reject invalid stage params, ask for credentials before a
 * deployment packages, assemble machines and resources with what they share, name functions, resolve `${param:…}` in keys,
 * complete the template's tags, trust policies and permissions, add the region to names that regions share, and give every
 * machine a version and an alias.
 */
export class PackagingPlugin {
  /** `serverless template` packages without the functions' code: what a drill needs, in an eighth of the time. */
  readonly commands = {
    template: {
      usage: 'Creates only the CloudFormation template, as package would; the result cannot be deployed',
      lifecycleEvents: ['make'],
    },
  };
  readonly hooks: Record<string, () => void | Promise<void>>;

  /**
   * @param options the command line options, e.g. `--param mode=act` as `{ param: ['mode=act'] }`
   * @throws before the framework fails on the place where a param is used and names that instead
   */
  constructor(serverless: Serverless, options: { stage?: string; param?: string[] } = {}, utils?: Utils) {
    const { service } = serverless;
    const isTemplate = serverless.processedInput.commands[0] === 'template';
    const stage = options.stage ?? 'dev';
    const params = readParams(serverless, stage, options.param ?? []);
    this.hooks = {
      initialize: () => {
        nameFunctions(serverless, stage);
        tellFunctions(service, accountsIn(params));
        assembleMachines(serverless);
        assembleResources(serverless);
        for (const section of ['functions', 'resources', 'stepFunctions']) fillKeys(service[section], params, section);
        if (serverless.processedInput.commands[0] === 'deploy') return requireCredentials(serverless);
      },
      'before:package:cleanup': () => ownTemporaryFolder(root),
      'after:package:initialize': () => (isTemplate ? leaveOutBundles(serverless) : bundle(serverless)),
      'template:make': () => serverless.pluginManager.spawn('package'),
      'after:aws:package:finalize:mergeCustomProviderResources': () => {
        const { compiledCloudFormationTemplate, region, tags } = serverless.service.provider;
        completeTemplate(compiledCloudFormationTemplate, {
          tags,
          reservedConcurrency: Number(params.reservedConcurrency),
          revokeSessions: params.revokeSessions,
          customerKeyArn: params.customerKeyArn,
        });
        nameResources(serverless, stage, region);
        prepareSpokes(serverless, stage, params);
        setPeriods(compiledCloudFormationTemplate, enrolledAlarms, params);
        // Drills name log groups in the template of a stage that names none.
        if (!isTemplate) leaveOut(serverless);
      },
      'after:deploy:deploy': async () => {
        await protectDeployed(serverless);
        for (const line of await leftBehind(serverless, stage)) utils?.log.warning(line);
      },
    };
  }
}

/** A plugin of this run, by the name of its class. */
const pluginOf = <T extends object>({ pluginManager }: Serverless, name: string) =>
  pluginManager.plugins.find((plugin) => plugin.constructor.name === name) as T;

function bundle(serverless: Serverless): void {
  buildInGroups(pluginOf<Bundler>(serverless, 'EsbuildServerlessPlugin'), serverless.service.custom.esbuild);
}

function leaveOutBundles(serverless: Serverless): void {
  const zipper = pluginOf<Zipper>(serverless, 'EsbuildServerlessPlugin');
  leaveOutCode(serverless.service.functions, zipper, pluginOf<StateSaver>(serverless, 'AwsPackage'));
}

function readParams({ classes, configurationInput }: Serverless, stage: string, pairs: string[]): StageParams {
  const given = Object.fromEntries(pairs.map((pair) => pair.split(/=(.*)/s).slice(0, 2)));
  try {
    checkEnrolledAlarms(enrolledAlarms);
    return parseStages(configurationInput.params, stage, given);
  } catch (error) {
    if (error instanceof StageParamError) throw new classes.Error(error.message, 'STAGE_PARAM_NOT_VALID');
    if (error instanceof EnrolledAlarmsError) throw new classes.Error(error.message, 'ENROLLED_ALARMS_NOT_VALID');
    throw error;
  }
}

/** Gives every function, and its role, the name of its key: `stopInstance` is `incident-playbooks-dev-stop-instance`. */
function nameFunctions({ service }: Serverless, stage: string): void {
  for (const [key, properties] of Object.entries(service.functions)) {
    const name = `${service.service}-${stage}-${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    Object.assign(properties, { name, iamRoleStatementsName: name });
  }
}

function nameResources({ classes, service }: Serverless, stage: string, region: string): void {
  try {
    nameByRegion(service.provider.compiledCloudFormationTemplate, `${service.service}-${stage}`, region);
  } catch (error) {
    if (error instanceof NameError) throw new classes.Error(error.message, 'NAME_NOT_VALID');
    throw error;
  }
}

const accountsIn = ({ spokeAccounts }: StageParams) => spokeAccounts.split(',').filter(Boolean);

function prepareSpokes({ classes, service }: Serverless, stage: string, params: StageParams): void {
  try {
    prepareHub(service.provider.compiledCloudFormationTemplate, { ...params, stage, accounts: accountsIn(params) });
  } catch (error) {
    if (error instanceof TooManySpokesError) throw new classes.Error(error.message, 'TOO_MANY_SPOKES');
    throw error;
  }
}

function leaveOut({ classes, service }: Serverless): void {
  try {
    leaveOutUnnamed(service.provider.compiledCloudFormationTemplate);
  } catch (error) {
    if (error instanceof TooManyResourcesError) throw new classes.Error(error.message, 'TOO_MANY_RESOURCES');
    throw error;
  }
}

async function requireCredentials(serverless: Serverless): Promise<void> {
  try {
    await checkCredentials(await serverless.getProvider('aws').getAwsSdkV3Config());
  } catch (error) {
    const { classes } = serverless;
    if (error instanceof CredentialsError) throw new classes.Error(error.message, 'CREDENTIALS_NOT_VALID');
    throw error;
  }
}

async function protectDeployed(serverless: Serverless): Promise<void> {
  const { classes, service } = serverless;
  const { DynamoDBClient } = await import('@aws-sdk/client-dynamodb');
  const client = new DynamoDBClient(await serverless.getProvider('aws').getAwsSdkV3Config());
  try {
    await protectTables(service.provider.compiledCloudFormationTemplate, client);
  } catch (error) {
    if (error instanceof TableProtectionError) throw new classes.Error(error.message, 'TABLE_NOT_PROTECTED');
    throw error;
  }
}

async function leftBehind(serverless: Serverless, stage: string): Promise<string[]> {
  const { SFNClient } = await import('@aws-sdk/client-sfn');
  const client = new SFNClient(await serverless.getProvider('aws').getAwsSdkV3Config());
  return aliasesLeftBehind(serverless.service.provider.compiledCloudFormationTemplate, client, stage);
}

/** Adds the frame to every machine, in place, before serverless-step-functions reads them, and validates the result. */
function assembleMachines({ classes, configurationInput, service }: Serverless): void {
  orFrameError(classes, () => {
    for (const [name, machine] of Object.entries(configurationInput.stepFunctions?.stateMachines ?? {})) {
      const definition = assembleMachine(machine.definition, service.custom.frame, name);
      const wrong = validateMachine(definition, join(root, '.drill', 'validated'));
      if (wrong) throw new FrameError(`${name} is not valid:\n${wrong}`);
      machine.definition = definition;
    }
  });
}

/** Puts the parts that resources share in their places, before the framework and the other plugins read them. */
function assembleResources({ classes, service: { resources, custom } }: Serverless): void {
  if (!resources?.Resources) return;
  const own = resources.Resources;
  orFrameError(classes, () => {
    resources.Resources = withParts(own, custom.parts ?? {});
  });
}

function orFrameError(classes: Serverless['classes'], assemble: () => void): void {
  try {
    assemble();
  } catch (error) {
    if (error instanceof FrameError) throw new classes.Error(error.message, 'FRAME_NOT_VALID');
    throw error;
  }
}
