import type {
  CreateTagsCommandInput,
  CreateTagsCommandOutput,
  DeleteTagsCommandInput,
  DeleteTagsCommandOutput,
  Tag,
} from '@aws-sdk/client-ec2';
import { arnOf } from '../arn';
import type { Environment } from '../environment';
import { serviceError } from '../errors';
import { type Call, type CommandModel, changes } from '../service';
import { dryRun, invalidParameter } from './errors';
import { Ec2Instance } from './instance';

/** Tags a resource, those of AWS aside. Source: EC2 user guide, "Tag restrictions". */
const mostTags = 50;

/** Something with tags: an instance keeps their history, the rest a map. */
export type Taggable = Ec2Instance | { readonly id: string; readonly tags: Map<string, string> };

/** The resources of these IDs, all of them or none. @throws the NotFound code of its kind */
export type FindTaggable = (id: string) => Taggable;

/** The commands that tag resources of EC2. Source: EC2 API reference, CreateTags, DeleteTags. */
export function tagCommands(find: FindTaggable, environment: Environment): Record<string, CommandModel> {
  const named = (ids: readonly string[] | undefined, call: Call) => {
    call.touch(...(ids ?? []));
    return (ids ?? []).map(find);
  };
  return {
    CreateTags: changes<CreateTagsCommandInput, CreateTagsCommandOutput>((input, call) => {
      const resources = named(input.Resources, call);
      assertNotReserved(input.Tags);
      for (const resource of resources) assertRoom(resource, input.Tags ?? []);
      if (input.DryRun) throw dryRun();
      for (const resource of resources) {
        const changed = (input.Tags ?? []).filter(({ Key = '', Value = '' }) => set(resource, Key, Value));
        announce(resource, keysOf(changed), call, environment);
      }
      return {};
    }),
    DeleteTags: changes<DeleteTagsCommandInput, DeleteTagsCommandOutput>((input, call) => {
      const resources = named(input.Resources, call);
      assertNotReserved(input.Tags);
      if (input.DryRun) throw dryRun();
      for (const resource of resources) {
        // All but those of AWS where none is named; with a value, only a tag that has it; an empty text is a value too.
        const asked: Tag[] =
          input.Tags ?? [...resource.tags.keys()].filter((Key) => !isReserved(Key)).map((Key) => ({ Key }));
        const deleted = asked.filter(
          ({ Key = '', Value }) => (Value === undefined || resource.tags.get(Key) === Value) && remove(resource, Key),
        );
        announce(resource, keysOf(deleted), call, environment);
      }
      return {};
    }),
  };
}

const keysOf = (tags: readonly Tag[]) => tags.map(({ Key = '' }) => Key);
const isReserved = (key: string) => key.toLowerCase().startsWith('aws:');

function assertNotReserved(tags: readonly Tag[] | undefined): void {
  if (keysOf(tags ?? []).some(isReserved))
    throw invalidParameter(`Tag keys starting with 'aws:' are reserved for internal use`);
}

/** @throws TagLimitExceeded */
function assertRoom({ id, tags }: Taggable, added: readonly Tag[]): void {
  const keys = new Set([...[...tags.keys()].filter((key) => !isReserved(key)), ...keysOf(added)]);
  if (keys.size > mostTags)
    throw serviceError(
      'ec2',
      'TagLimitExceeded',
      `The maximum number of Tags (${mostTags}) for ${id} has been reached.`,
    );
}

function set(resource: Taggable, key: string, value: string): boolean {
  if (resource instanceof Ec2Instance) return resource.setTag(key, value);
  if (resource.tags.get(key) === value) return false;
  resource.tags.set(key, value);
  return true;
}

const remove = (resource: Taggable, key: string) =>
  resource instanceof Ec2Instance ? resource.removeTag(key) : resource.tags.delete(key);

const kinds: Readonly<Record<string, string>> = {
  i: 'instance',
  vol: 'volume',
  eni: 'network-interface',
  sg: 'security-group',
  snap: 'snapshot',
};

/** Notes a change of tags in the ledger and tells EventBridge. Source: Tag Editor user guide, "Monitor tag changes". */
function announce(resource: Taggable, keys: readonly string[], call: Call, environment: Environment): void {
  if (keys.length === 0) return;
  const { id } = resource;
  const kind = kinds[id.split('-')[0]!]!;
  call.change(id);
  environment.emit({
    'detail-type': 'Tag Change on Resource',
    source: 'aws.tag',
    resources: [arnOf(environment, 'ec2', `${kind}/${id}`)],
    detail: {
      'changed-tag-keys': keys,
      service: 'ec2',
      'resource-type': kind,
      version: resource instanceof Ec2Instance ? resource.tagHistory.length : 1,
      tags: Object.fromEntries(resource.tags),
    },
  });
}
