import enrolledAlarms from '../resources/enrolled-alarms.json';
import { type CompiledTemplate, completeTemplate } from './complete-template';
import { checkEnrolledAlarms, EnrolledAlarmsError } from './enrolled-alarms';
import { fillKeys } from './fill-keys';
import { assembleMachine, FrameError } from './frame';
import { parseStages, StageParamError, type StageParams } from './stages';

/** As much of the Serverless Framework as the plugin touches. */
interface Serverless {
  /** The framework shows an error of this class by its message alone. */
  classes: { Error: new (message: string, code: string) => Error };
  configurationInput: { params?: unknown; stepFunctions?: { stateMachines: Record<string, { definition: unknown }> } };
  processedInput: { commands: string[] };
  service: {
    functions: Record<string, unknown>;
    resources: unknown;
    provider: { tags: Record<string, string>; compiledCloudFormationTemplate: CompiledTemplate };
    custom: { esbuild: Record<string, unknown>; frame?: unknown };
    [section: string]: unknown;
  };
  pluginManager: { spawn(command: string): Promise<void> };
}

/**
 * What the Serverless Framework and its plugins leave undone: wrong stage params are refused, machines are put together
 * with their frame, `${param:…}` is filled in in keys too, the template gets the tags, trust and rights that it should have, and every machine a version and an alias.
 */
export class PackagingPlugin {
  /** `serverless template` packages without the code of other packages: what a drill needs, in a tenth of the time. */
  readonly commands = {
    template: {
      usage: 'Makes the CloudFormation template alone, as package would; what it leaves cannot be deployed',
      lifecycleEvents: ['make'],
    },
  };
  readonly hooks: Record<string, () => void | Promise<void>>;

  /**
   * @param options what the command line says, e.g. `--param mode=act` as `{ param: ['mode=act'] }`
   * @throws the framework's error before it looks at what the params were put into, and names that instead
   */
  constructor(serverless: Serverless, options: { stage?: string; param?: string[] } = {}) {
    const { service } = serverless;
    // Before the bundler reads its options, which it does once.
    if (serverless.processedInput.commands[0] === 'template') service.custom.esbuild.packages = 'external';
    const params = readParams(serverless, options.stage ?? 'dev', options.param ?? []);
    this.hooks = {
      initialize: () => {
        assembleMachines(serverless);
        for (const section of ['functions', 'resources', 'stepFunctions']) fillKeys(service[section], params, section);
      },
      'template:make': () => serverless.pluginManager.spawn('package'),
      'after:aws:package:finalize:mergeCustomProviderResources': () => {
        const { compiledCloudFormationTemplate, tags } = serverless.service.provider;
        completeTemplate(compiledCloudFormationTemplate, {
          tags,
          reservedConcurrency: Number(params.reservedConcurrency),
          revokeSessions: params.revokeSessions,
          customerKeyArn: params.customerKeyArn,
        });
      },
    };
  }
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

/** Puts the frame into every machine, in place, before serverless-step-functions reads them. */
function assembleMachines({ classes, configurationInput, service }: Serverless): void {
  try {
    for (const [name, machine] of Object.entries(configurationInput.stepFunctions?.stateMachines ?? {})) {
      machine.definition = assembleMachine(machine.definition, service.custom.frame, name);
    }
  } catch (error) {
    if (error instanceof FrameError) throw new classes.Error(error.message, 'FRAME_NOT_VALID');
    throw error;
  }
}
