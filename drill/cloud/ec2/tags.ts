import type {
  CreateTagsCommandInput,
  CreateTagsCommandOutput,
  DeleteTagsCommandInput,
  DeleteTagsCommandOutput,
} from '@aws-sdk/client-ec2';
import { UnmodelledInputError } from '../errors';
import { type Call, type CommandModel, changes } from '../service';
import { dryRun, invalidParameter } from './errors';
import type { Fleet } from './fleet';
import type { Ec2Instance } from './instance';

/** The commands that tag instances. Source: EC2 API reference. */
export function tagCommands(fleet: Fleet): Record<string, CommandModel> {
  return {
    CreateTags: changes<CreateTagsCommandInput, CreateTagsCommandOutput>((input, call) => {
      const instances = tagged(fleet, input.Resources, call);
      const reserved = input.Tags?.find((tag) => tag.Key?.toLowerCase().startsWith('aws:'));
      if (reserved) throw invalidParameter(`Tag keys starting with 'aws:' are reserved for internal use`);
      if (input.DryRun) throw dryRun();
      for (const instance of instances)
        for (const tag of input.Tags ?? []) setTag(instance, tag.Key ?? '', tag.Value ?? '', call);
      return {};
    }),
    DeleteTags: changes<DeleteTagsCommandInput, DeleteTagsCommandOutput>((input, call) => {
      const instances = tagged(fleet, input.Resources, call);
      if (input.DryRun) throw dryRun();
      for (const instance of instances) {
        const keys = input.Tags?.map((tag) => tag.Key ?? '') ?? [...instance.tags.keys()];
        for (const key of keys) if (instance.removeTag(key)) call.change(instance.id);
      }
      return {};
    }),
  };
}

function setTag(instance: Ec2Instance, key: string, value: string, call: Call): void {
  if (instance.setTag(key, value)) call.change(instance.id);
}

function tagged(fleet: Fleet, resources: readonly string[] | undefined, call: Call): Ec2Instance[] {
  const other = resources?.find((id) => !id.startsWith('i-'));
  if (other) throw new UnmodelledInputError(`The simulated EC2 tags instances only, not '${other}'.`);
  call.touch(...(resources ?? []));
  return fleet.require(resources ?? []);
}
