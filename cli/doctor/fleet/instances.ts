import { type Instance, paginateDescribeInstances } from '@aws-sdk/client-ec2';
import { isEnrolled } from '../../../functions/enrolment/desired';
import { toTags } from '../../../functions/guard/tags';
import { ask } from '../ask';
import { type Subject, tagsOf } from '../check';
import { notAsked } from '../line';

/** The answer of a check where the tags are not known. */
export const noTags = notAsked('the opt-in tag is not known', 'fix the line "stage params" first');

/** Every instance that has the opt-in tag, whatever its value. */
export async function tagged({ clients: { ec2 } }: Subject, tag: string): Promise<Instance[]> {
  return ask('ec2:DescribeInstances', async () => {
    const found: Instance[] = [];
    const input = { Filters: [{ Name: 'tag-key', Values: [tag] }] };
    for await (const { Reservations = [] } of paginateDescribeInstances({ client: ec2 }, input))
      found.push(...Reservations.flatMap(({ Instances = [] }) => Instances));
    return found.filter(({ State }) => State?.Name !== 'terminated' && State?.Name !== 'shutting-down');
  });
}

/** The instances that automation looks after; undefined where the tags are not known. */
export async function enrolled(subject: Subject): Promise<Instance[] | undefined> {
  const tags = tagsOf(subject);
  if (!tags) return undefined;
  const candidate = ({ InstanceId = '', State, Tags }: Instance) => ({
    instanceId: InstanceId,
    state: State?.Name ?? '',
    tags: toTags(Tags),
  });
  return (await tagged(subject, tags.OPT_IN_TAG)).filter((one) => isEnrolled(candidate(one), tags));
}

/** Their IDs, in their order. */
export const idsOf = (instances: readonly Instance[]) => instances.map(({ InstanceId = '' }) => InstanceId);

export const running = (instances: readonly Instance[]) => instances.filter(({ State }) => State?.Name === 'running');
