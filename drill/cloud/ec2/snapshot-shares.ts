import type {
  DescribeSnapshotAttributeCommandInput,
  DescribeSnapshotAttributeCommandOutput,
  ModifySnapshotAttributeCommandInput,
  ModifySnapshotAttributeCommandOutput,
} from '@aws-sdk/client-ec2';
import { serviceError } from '../errors';
import { isAwsManaged } from '../kms/aws-managed';
import { type CommandModel, changes, reads } from '../service';
import type { Snapshots } from './snapshots';
import type { TakenSnapshot } from './taken-snapshot';

const isUnderDefaultKey = ({ encrypted, kmsKeyId }: TakenSnapshot) =>
  encrypted && (kmsKeyId === undefined || isAwsManaged(kmsKeyId));

/**
 * Commands on who else may use a snapshot. Source: EC2 API reference, ModifySnapshotAttribute ("Snapshots encrypted with your
 * default KMS key cannot be shared with other accounts"; encrypted ones cannot be public); the code and words of that
 * refusal: hashicorp/packer issue 7499. It succeeds whatever the policy of the key says: EBS user guide, "Share a KMS key".
 */
export function snapshotShareCommands(snapshots: Snapshots): Record<string, CommandModel> {
  return {
    ModifySnapshotAttribute: changes<ModifySnapshotAttributeCommandInput, ModifySnapshotAttributeCommandOutput>(
      ({ SnapshotId = '', Attribute, OperationType, UserIds = [], GroupNames = [] }, call) => {
        const snapshot = snapshots.require(SnapshotId);
        if (Attribute !== 'createVolumePermission')
          throw serviceError('ec2', 'InvalidParameterValue', 'Only volume creation permissions can be modified.');
        if (GroupNames.length > 0 && snapshot.encrypted)
          throw serviceError('ec2', 'OperationNotPermitted', 'Encrypted snapshots cannot be shared publicly');
        if (OperationType === 'add' && isUnderDefaultKey(snapshot))
          throw serviceError(
            'ec2',
            'OperationNotPermitted',
            'Encrypted snapshots with EBS default key cannot be shared',
          );
        for (const id of UserIds) {
          if (OperationType === 'add') snapshot.sharedWith.add(id);
          else snapshot.sharedWith.delete(id);
        }
        call.change(snapshot.id);
        return {};
      },
    ),
    DescribeSnapshotAttribute: reads<DescribeSnapshotAttributeCommandInput, DescribeSnapshotAttributeCommandOutput>(
      ({ SnapshotId = '' }) => {
        const { sharedWith } = snapshots.require(SnapshotId);
        return { SnapshotId, CreateVolumePermissions: [...sharedWith].map((UserId) => ({ UserId })) };
      },
    ),
  };
}
