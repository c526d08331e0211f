import type { DescribeKeyCommandInput, DescribeKeyCommandOutput, KeyState } from '@aws-sdk/client-kms';
import { serviceError } from '../errors';
import { reads, type ServiceModel } from '../service';
import { isAwsManaged } from './aws-managed';

const keyForm = /^(arn:aws[\w-]*:kms:[\w-]+:\d{12}:key\/)?([0-9a-f-]{36}|mrk-[0-9a-f]{32})$/;
const aliasForm = /^(?:arn:aws[\w-]*:kms:[\w-]+:\d{12}:)?(alias\/[\w/-]+)$/;

/**
 * Simulated KMS: every key of the right form is a customer managed one, enabled unless a drill says otherwise, but for
 * aws/ebs, which is AWS's. Source: KMS API reference, DescribeKey.
 */
export class KmsModel implements ServiceModel {
  readonly service = 'kms';
  private readonly states = new Map<string, KeyState>();
  private readonly aliases = new Map<string, string>();

  readonly commands = {
    DescribeKey: reads<DescribeKeyCommandInput, DescribeKeyCommandOutput>(({ KeyId = '' }, call) => {
      const id = this.keyOf(KeyId);
      call.touch(id);
      const KeyState = this.states.get(id) ?? 'Enabled';
      return {
        KeyMetadata: {
          KeyId: id.split('/').at(-1),
          Arn: id,
          KeyManager: isAwsManaged(id) ? 'AWS' : 'CUSTOMER',
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

  /** Gives a key another name (`alias/…`). */
  setAlias(alias: string, keyArn: string): void {
    this.aliases.set(alias, keyArn);
  }

  /** @throws NotFoundException for an alias that nobody made, and for what is no key */
  private keyOf(given: string): string {
    const alias = aliasForm.exec(given)?.[1];
    if (alias) {
      const found = this.aliases.get(alias);
      if (found) return found;
      throw serviceError('kms', 'NotFoundException', `Alias ${given} is not found.`);
    }
    if (keyForm.test(given)) return given;
    throw serviceError('kms', 'NotFoundException', `Invalid keyId '${given}'`);
  }
}
