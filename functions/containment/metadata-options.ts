import { ModifyInstanceMetadataOptionsCommand } from '@aws-sdk/client-ec2';
import { ec2 } from '../shared/clients/ec2';
import { readMetadata } from './describe';
import { isAs, type Metadata } from './environment';
import { NotVerifiedError } from './group-rules';

/**
 * Changes the options of an instance's metadata service, and reads them back; options that are left out stay as they are.
 * A change is pending at first, and in force once it is applied.
 * Source: EC2 API reference, ModifyInstanceMetadataOptions and InstanceMetadataOptionsResponse.
 * @throws NotVerifiedError while they are not as wanted, or not applied yet
 */
export async function setMetadata(
  instanceId: string,
  { isApplied: _isApplied, ...wanted }: Partial<Metadata>,
): Promise<void> {
  if (!isAs(await readMetadata(instanceId), wanted))
    await ec2.send(new ModifyInstanceMetadataOptionsCommand({ InstanceId: instanceId, ...wanted }));
  const now = await readMetadata(instanceId);
  if (isAs(now, wanted) && now.isApplied) return;
  throw new NotVerifiedError(
    `The options of the instance metadata service are ${now.isApplied ? 'not changed' : 'pending'}.`,
  );
}
