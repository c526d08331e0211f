import type { Ec2Model } from '../ec2/model';
import { serviceError } from '../errors';
import type { ActiveFault } from './fault';
import { when } from './when';

const powerCommands = ['StopInstances', 'StartInstances', 'RebootInstances'];

/**
 * Not a fault, but what the roles of the template say: the functions may change the power state of opted-in
 * instances only, and never of protected ones. It closes the gap between reading the tags and the call.
 */
export function tagConditions(ec2: Ec2Model): ActiveFault {
  const isPlaybook = when({ service: 'ec2' });
  return {
    before: (call) => {
      const { command, input } = call.entry;
      if (!powerCommands.includes(command) || !isPlaybook(call)) return undefined;
      for (const id of (input as { InstanceIds?: string[] }).InstanceIds ?? []) {
        const tags = ec2.find(id)?.tags;
        const isProtected = (tags?.get('incident-playbooks:protected') ?? 'false').toLowerCase() !== 'false';
        if (tags === undefined || (tags.get('incident-playbooks:enabled') === 'true' && !isProtected)) continue;
        throw serviceError(
          'ec2',
          'UnauthorizedOperation',
          `You are not authorized to perform ec2:${command} on ${id}.`,
          403,
        );
      }
      return undefined;
    },
  };
}
