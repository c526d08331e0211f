import { DescribeInstancesCommand } from '@aws-sdk/client-ec2';
import { ec2 } from '../shared/clients/ec2';
import { logger } from '../shared/logger';

/**
 * An instance's Name tag, as people know it. A notice is never held back for it: without an answer it names the ID alone,
 * and the log says why.
 */
export async function instanceName(instanceId: string | undefined): Promise<string | undefined> {
  if (instanceId === undefined) return undefined;
  try {
    const { Reservations } = await ec2.send(new DescribeInstancesCommand({ InstanceIds: [instanceId] }));
    const tags = Reservations?.[0]?.Instances?.[0]?.Tags ?? [];
    return tags.find(({ Key }) => Key === 'Name')?.Value || undefined;
  } catch (error) {
    const { name, message } = error as Error;
    logger.error('The name of the instance could not be read', { instanceId, error: `${name}: ${message}` });
    return undefined;
  }
}
