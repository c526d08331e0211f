import type { DescribeKeyCommandInput, DescribeKeyCommandOutput, KeyState } from '@aws-sdk/client-kms';
import { serviceError } from '../errors';
import { reads, type ServiceModel } from '../service';

const keyForm = /^(arn:aws[\w-]*:kms:[\w-]+:\d{12}:key\/)?([0-9a-f-]{36}|mrk-[0-9a-f]{32})$/;

/** Simulated KMS: every key of the right form is a customer managed one, enabled unless a drill says otherwise. */
export class KmsModel implements ServiceModel {
  readonly service = 'kms';
  private readonly states = new Map<string, KeyState>();

  readonly commands = {
    DescribeKey: reads<DescribeKeyCommandInput, DescribeKeyCommandOutput>(({ KeyId = '' }, call) => {
      if (!keyForm.test(KeyId)) throw serviceError('kms', 'NotFoundException', `Invalid keyId '${KeyId}'`);
      call.touch(KeyId);
      const KeyState = this.states.get(KeyId) ?? 'Enabled';
      return {
        KeyMetadata: {
          KeyId: KeyId.split('/').at(-1),
          Arn: KeyId,
          KeyManager: 'CUSTOMER',
          KeyState,
          Enabled: KeyState === 'Enabled',
        },
      };
    }),
  };

  /** Puts a key into a state, for example Disabled or PendingDeletion. */
  setState(keyId: string, state: KeyState): void {
    this.states.set(keyId, state);
  }
}
