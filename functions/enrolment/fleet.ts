import { DescribeInstancesCommand } from '@aws-sdk/client-ec2';
import { isTagged, taggedFilter, toTags } from '../guard/tags';
import { ec2 } from '../shared/clients/ec2';
import { pause } from '../shared/clock';
import type { Config } from '../shared/config';
import type { Candidate } from './desired';

/** Instances of a page of DescribeInstances; EC2 allows 1,000. */
export const instancesAPage = 500;

/** Milliseconds between two pages: EC2 gives back 20 describing requests a second (EC2 API reference, "Request throttling"). */
const pageEveryMs = 60;

/** Every instance with the opt-in tag that is not terminating or terminated; protection is checked later. */
export async function describeFleet(config: Pick<Config, 'OPT_IN_TAG'>): Promise<Candidate[]> {
  const found: Candidate[] = [];
  let NextToken: string | undefined;
  do {
    const page = await ec2.send(
      new DescribeInstancesCommand({
        Filters: [
          taggedFilter(config.OPT_IN_TAG),
          { Name: 'instance-state-name', Values: ['pending', 'running', 'stopping', 'stopped'] },
        ],
        MaxResults: instancesAPage,
        ...(NextToken ? { NextToken } : {}),
      }),
    );
    for (const instance of (page.Reservations ?? []).flatMap(({ Instances }) => Instances ?? [])) {
      const tags = toTags(instance.Tags);
      found.push({ instanceId: instance.InstanceId!, state: instance.State?.Name ?? 'pending', tags });
    }
    NextToken = page.NextToken;
    if (NextToken) await pause(pageEveryMs);
  } while (NextToken);
  return found.filter(({ tags }) => isTagged(tags, config.OPT_IN_TAG));
}
