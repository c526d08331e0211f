import type {
  CreateTagsCommandInput,
  CreateTagsCommandOutput,
  DeleteTagsCommandInput,
  DeleteTagsCommandOutput,
} from '@aws-sdk/client-ec2';
import type { Environment } from '../environment';
import { UnmodelledInputError } from '../errors';
import { type Call, type CommandModel, changes } from '../service';
import { dryRun, invalidParameter } from './errors';
import type { Fleet } from './fleet';
import type { Ec2Instance } from './instance';

/** The commands that tag instances. Source: EC2 API reference. */
export function tagCommands(fleet: Fleet, environment: Environment): Record<string, CommandModel> {
  return {
    CreateTags: changes<CreateTagsCommandInput, CreateTagsCommandOutput>((input, call) => {
      const instances = tagged(fleet, input.Resources, call);
      const reserved = input.Tags?.find((tag) => tag.Key?.toLowerCase().startsWith('aws:'));
      if (reserved) throw invalidParameter(`Tag keys starting with 'aws:' are reserved for internal use`);
      if (input.DryRun) throw dryRun();
      for (const instance of instances) {
        const changed = (input.Tags ?? []).filter(({ Key = '', Value = '' }) => instance.setTag(Key, Value));
        announce(
          instance,
          changed.map(({ Key = '' }) => Key),
          call,
          environment,
        );
      }
      return {};
    }),
    DeleteTags: changes<DeleteTagsCommandInput, DeleteTagsCommandOutput>((input, call) => {
      const instances = tagged(fleet, input.Resources, call);
      if (input.DryRun) throw dryRun();
      for (const instance of instances) {
        const keys = input.Tags?.map((tag) => tag.Key ?? '') ?? [...instance.tags.keys()];
        announce(
          instance,
          keys.filter((key) => instance.removeTag(key)),
          call,
          environment,
        );
      }
      return {};
    }),
  };
}

/** Notes a change of tags in the ledger and tells EventBridge. Source: Tag Editor user guide, "Monitor tag changes". */
function announce(instance: Ec2Instance, keys: readonly string[], call: Call, environment: Environment): void {
  if (keys.length === 0) return;
  call.change(instance.id);
  environment.emit({
    'detail-type': 'Tag Change on Resource',
    source: 'aws.tag',
    resources: [`arn:aws:ec2:${environment.region}:${environment.account}:instance/${instance.id}`],
    detail: {
      'changed-tag-keys': keys,
      service: 'ec2',
      'resource-type': 'instance',
      version: instance.tagHistory.length,
      tags: Object.fromEntries(instance.tags),
    },
  });
}

function tagged(fleet: Fleet, resources: readonly string[] | undefined, call: Call): Ec2Instance[] {
  const other = resources?.find((id) => !id.startsWith('i-'));
  if (other) throw new UnmodelledInputError(`The simulated EC2 tags instances only, not '${other}'.`);
  call.touch(...(resources ?? []));
  return fleet.require(resources ?? []);
}
