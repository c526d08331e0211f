import { DescribeInstanceInformationCommand } from '@aws-sdk/client-ssm';
import { chunksOf } from '../../../functions/shared/chunks';
import { ask } from '../ask';
import type { Check } from '../check';
import { ok, some, warn } from '../line';
import { enrolled, idsOf, noTags, running } from './instances';

/** The most instances in a filter. Source: Systems Manager API reference, InstanceInformationStringFilter. */
const mostInFilter = 50;

export const systemsManager: Check = {
  id: 'systems-manager',
  what: 'Systems Manager',
  ask: async (subject) => {
    const all = await enrolled(subject);
    if (!all) return noTags;
    const ids = idsOf(running(all));
    if (ids.length === 0) return ok('none: no opted-in instance is running');
    const online = new Set<string>();
    for (const Values of chunksOf(ids, mostInFilter)) {
      const input = { Filters: [{ Key: 'InstanceIds', Values }], MaxResults: mostInFilter };
      const { InstanceInformationList = [] } = await ask('ssm:DescribeInstanceInformation', () =>
        subject.clients.ssm.send(new DescribeInstanceInformationCommand(input)),
      );
      for (const { InstanceId = '', PingStatus } of InstanceInformationList)
        if (PingStatus === 'Online') online.add(InstanceId);
    }
    const away = ids.filter((id) => !online.has(id));
    if (away.length === 0) return ok(`reaches all ${ids.length}`);
    return warn(
      `does not reach ${some(away)}: they cannot be patched`,
      'if they are to be patched: check the SSM Agent, the instance role (AmazonSSMManagedInstanceCore) and the endpoints',
    );
  },
};
