import { type Instance, paginateDescribeInstances } from '@aws-sdk/client-ec2';
import {
  assertTagsAllow,
  NotOptedInError,
  ProtectedInstanceError,
  taggedFilter,
  toTags,
} from '../../functions/guard/tags';
import type { StageClients } from './clients';
import { StageError } from './errors';
import type { StageSettings } from './machine';

export interface Chosen {
  instanceId: string;
  /** Its Name tag, or empty. */
  name: string;
}

/**
 * The instance of a drill: the given one, otherwise the only one opted in.
 * @throws StageError if it does not exist, is not opted in or is protected, or if there is not exactly one
 */
export async function chooseInstance(
  clients: StageClients,
  instanceId: string | undefined,
  settings: StageSettings,
): Promise<Chosen> {
  if (instanceId === undefined) return onlyOne(await optedIn(clients, settings), settings);
  const found = await instances(clients, { Filters: [{ Name: 'instance-id', Values: [instanceId] }] });
  const instance = found.find(({ InstanceId }) => InstanceId === instanceId);
  if (!instance) throw new StageError(`There is no instance ${instanceId} in this account and region.`);
  const refusal = refusalOf(instance, settings);
  if (refusal) throw new StageError(`No drill on ${instanceId}: ${refusal.message}`, { cause: refusal });
  return chosen(instance);
}

function onlyOne(found: Instance[], { OPT_IN_TAG }: StageSettings): Chosen {
  const [first, ...others] = found;
  if (!first) throw new StageError(`No running instance has the tag ${OPT_IN_TAG}=true; choose one with --instance.`);
  if (others.length === 0) return chosen(first);
  const ids = found.slice(0, 5).map(({ InstanceId }) => InstanceId);
  const more = found.length > ids.length ? ` and ${found.length - ids.length} more` : '';
  throw new StageError(`Several instances are opted in; choose one with --instance: ${ids.join(', ')}${more}.`);
}

async function optedIn(clients: StageClients, settings: StageSettings): Promise<Instance[]> {
  const Filters = [taggedFilter(settings.OPT_IN_TAG), { Name: 'instance-state-name', Values: ['running'] }];
  const found = await instances(clients, { Filters });
  return found.filter((instance) => refusalOf(instance, settings) === undefined);
}

async function instances(
  { ec2 }: StageClients,
  input: Parameters<typeof paginateDescribeInstances>[1],
): Promise<Instance[]> {
  const found: Instance[] = [];
  for await (const { Reservations = [] } of paginateDescribeInstances({ client: ec2 }, input)) {
    found.push(...Reservations.flatMap(({ Instances = [] }) => Instances));
  }
  return found;
}

/** The same rule as in the playbooks. */
function refusalOf(instance: Instance, settings: StageSettings): Error | undefined {
  try {
    assertTagsAllow(tagsOf(instance), settings);
    return undefined;
  } catch (error) {
    if (error instanceof NotOptedInError || error instanceof ProtectedInstanceError) return error;
    throw error;
  }
}

const tagsOf = ({ Tags = [] }: Instance) => toTags(Tags);
const chosen = (instance: Instance) => ({ instanceId: instance.InstanceId ?? '', name: tagsOf(instance).Name ?? '' });
