import { type CompiledTemplate, completeTemplate } from './complete-template';
import { fillKeys } from './fill-keys';
import { parseStages, type StageParams } from './stages';

/** As much of the Serverless Framework as the plugin touches. */
interface Serverless {
  configurationInput: { params?: unknown };
  service: {
    functions: Record<string, unknown>;
    resources: unknown;
    provider: { stage: string; tags: Record<string, string>; compiledCloudFormationTemplate: CompiledTemplate };
    [section: string]: unknown;
  };
}

/**
 * What the Serverless Framework and its plugins leave undone: wrong stage params are refused, `${param:…}` is filled in
 * in keys too, the template gets the tags, trust and rights that it should have, and every machine a version and an alias.
 */
export class PackagingPlugin {
  readonly hooks: Record<string, () => void>;

  /** @param options what the command line says, e.g. `--param mode=act` as `{ param: ['mode=act'] }` */
  constructor(serverless: Serverless, options: { param?: string[] } = {}) {
    let params: StageParams;
    this.hooks = {
      initialize: () => {
        const { service, configurationInput } = serverless;
        const given = Object.fromEntries((options.param ?? []).map((pair) => pair.split(/=(.*)/s).slice(0, 2)));
        params = parseStages(configurationInput.params, service.provider.stage, given);
        for (const section of ['functions', 'resources', 'stepFunctions']) fillKeys(service[section], params, section);
      },
      'after:aws:package:finalize:mergeCustomProviderResources': () => {
        const { compiledCloudFormationTemplate, tags } = serverless.service.provider;
        completeTemplate(compiledCloudFormationTemplate, {
          tags,
          reservedConcurrency: Number(params.reservedConcurrency),
          customerKeyArn: params.customerKeyArn,
        });
      },
    };
  }
}
