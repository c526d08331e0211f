import type { GetIPSetCommandInput, UpdateIPSetCommandInput } from '@aws-sdk/client-wafv2';
import { serviceError } from '../errors';
import { changes, reads, type ServiceModel } from '../service';

interface IpSet {
  name: string;
  addresses: string[];
  version: number;
}

const lockOf = ({ version }: IpSet) => `lock-${version}`;

/** Simulated WAF: IP sets under optimistic locks. Source: WAFV2 API reference. */
export class WafModel implements ServiceModel {
  readonly service = 'wafv2';
  private readonly sets = new Map<string, IpSet>();

  /** Puts an IP set into the account. */
  put(id: string, name: string, addresses: string[] = []): void {
    this.sets.set(id, { name, addresses, version: 1 });
  }

  /** The addresses of a set. @throws WAFNonexistentItemException */
  addressesOf(id: string): string[] {
    return [...this.require(id).addresses];
  }

  /** Somebody else changes a set, so that a lock token that was read before is stale. */
  touchByOthers(id: string, address: string): void {
    const set = this.require(id);
    set.addresses.push(address);
    set.version += 1;
  }

  readonly commands: ServiceModel['commands'] = {
    GetIPSet: reads<GetIPSetCommandInput, object>(({ Id = '' }) => {
      const set = this.require(Id);
      return { IPSet: { Id, Name: set.name, Addresses: [...set.addresses] }, LockToken: lockOf(set) };
    }),
    UpdateIPSet: changes<UpdateIPSetCommandInput, object>(({ Id = '', Addresses, LockToken }, call) => {
      const set = this.require(Id);
      if (LockToken !== lockOf(set))
        throw serviceError(
          'wafv2',
          'WAFOptimisticLockException',
          'AWS WAF couldn’t save your changes because someone changed the resource.',
        );
      set.addresses = [...(Addresses ?? [])];
      set.version += 1;
      call.change(Id);
      return { NextLockToken: lockOf(set) };
    }),
  };

  private require(id: string): IpSet {
    const found = this.sets.get(id);
    if (found) return found;
    throw serviceError(
      'wafv2',
      'WAFNonexistentItemException',
      'AWS WAF couldn’t perform the operation because your resource doesn’t exist.',
    );
  }
}
