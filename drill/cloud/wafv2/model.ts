import type { GetIPSetCommandInput, UpdateIPSetCommandInput } from '@aws-sdk/client-wafv2';
import ipaddr from 'ipaddr.js';
import { serviceError } from '../errors';
import { changes, reads, type ServiceModel } from '../service';

interface IpSet {
  name: string;
  scope: 'REGIONAL' | 'CLOUDFRONT';
  family: 'IPV4' | 'IPV6';
  description: string | undefined;
  addresses: string[];
  version: number;
  /** What it was before each change, and when that was, epoch ms. */
  history: { at: number; addresses: string[]; version: number }[];
}

/** Addresses of an IP set. Source: WAF developer guide, "AWS WAF quotas". */
const mostAddresses = 10_000;

const lockOf = ({ version }: Pick<IpSet, 'version'>) => `lock-${version}`;

/** A set as it was so many seconds ago. */
function asOf(set: IpSet, secondsAgo: number): Pick<IpSet, 'addresses' | 'version'> {
  const then = Date.now() - secondsAgo * 1000;
  return set.history.find(({ at }) => at > then) ?? set;
}

function change(set: IpSet, addresses: readonly string[]): void {
  set.history.push({ at: Date.now(), addresses: set.addresses, version: set.version });
  set.addresses = [...addresses];
  set.version += 1;
}

/** Simulated WAF: IP sets under optimistic locks. Source: WAFV2 API reference. */
export class WafModel implements ServiceModel {
  readonly service = 'wafv2';
  /**
   * Seconds until a change of a set is in force everywhere; meanwhile WAF blocks an address in one place and not in another.
   * Source: WAF developer guide, "Creating and managing an IP set": "a few seconds to a number of minutes".
   */
  spreadSeconds = 10;
  /** Seconds that GetIPSet may still answer with the set as it was, its lock token included; a drill turns it up. */
  oldSeconds = 0;
  private readonly sets = new Map<string, IpSet>();

  /** Puts an IP set into the account. */
  put(
    id: string,
    name: string,
    addresses: string[] = [],
    { scope = 'REGIONAL', family = 'IPV4' }: Partial<Pick<IpSet, 'scope' | 'family'>> = {},
  ): void {
    this.sets.set(id, { name, scope, family, description: `The set ${name}`, addresses, version: 1, history: [] });
  }

  /** The addresses of a set. @throws WAFNonexistentItemException */
  addressesOf(id: string): string[] {
    return [...this.require({ Id: id }).addresses];
  }

  /** Whether a range of a set counts everywhere by now. @throws WAFNonexistentItemException */
  isInForce(id: string, address: string): boolean {
    return asOf(this.require({ Id: id }), this.spreadSeconds).addresses.includes(address);
  }

  /** What a set is described as; an update that leaves it out loses it. @throws WAFNonexistentItemException */
  descriptionOf(id: string): string | undefined {
    return this.require({ Id: id }).description;
  }

  /** Somebody else changes a set, so that a lock token that was read before is stale. */
  touchByOthers(id: string, address: string): void {
    const set = this.require({ Id: id });
    change(set, [...set.addresses, address]);
  }

  readonly commands: ServiceModel['commands'] = {
    GetIPSet: reads<GetIPSetCommandInput, object>((input) => {
      assertNamed(input);
      const set = this.require(input);
      const { name, family, description } = set;
      const { addresses, version } = asOf(set, this.oldSeconds);
      return {
        IPSet: {
          Id: input.Id,
          Name: name,
          Addresses: [...addresses],
          IPAddressVersion: family,
          ...(description && { Description: description }),
        },
        LockToken: lockOf({ version }),
      };
    }),
    UpdateIPSet: changes<UpdateIPSetCommandInput, object>((input, call) => {
      assertNamed(input);
      const set = this.require(input);
      const { Id = '', Addresses = [], LockToken, Description } = input;
      if (Addresses.length > mostAddresses)
        throw serviceError(
          'wafv2',
          'WAFLimitsExceededException',
          'AWS WAF couldn’t perform the operation because you exceeded your resource limit.',
        );
      const wrong = Addresses.find((address) => !isOf(address, set.family));
      if (wrong !== undefined) throw invalid(`IP_ADDRESS, parameter: ${wrong}`);
      if (LockToken !== lockOf(set))
        throw serviceError(
          'wafv2',
          'WAFOptimisticLockException',
          'AWS WAF couldn’t save your changes because someone changed the resource.',
        );
      change(set, Addresses);
      set.description = Description;
      call.change(Id);
      return { NextLockToken: lockOf(set) };
    }),
  };

  private require({ Id = '', Name, Scope }: Partial<GetIPSetCommandInput>): IpSet {
    const found = this.sets.get(Id);
    if (found && (Name === undefined || Name === found.name) && (Scope === undefined || Scope === found.scope))
      return found;
    throw serviceError(
      'wafv2',
      'WAFNonexistentItemException',
      'AWS WAF couldn’t perform the operation because your resource doesn’t exist.',
    );
  }
}

/** A set is named by its ID, its name and its scope together. Source: WAFV2 API reference, GetIPSet. */
function assertNamed({ Id, Name, Scope }: Partial<GetIPSetCommandInput>): void {
  if (!Id || !Name || !Scope) throw invalid('Id, Name and Scope are required');
}

/** A range of the set's family, but not all of it. Source: WAFV2 API reference, IPSet, Addresses: "except for /0". */
function isOf(address: string, family: IpSet['family']): boolean {
  if (!ipaddr.isValidCIDR(address)) return false;
  const [network, prefix] = ipaddr.parseCIDR(address);
  return prefix > 0 && network.kind() === (family === 'IPV4' ? 'ipv4' : 'ipv6');
}

const invalid = (what: string) => serviceError('wafv2', 'WAFInvalidParameterException', `Error reason: ${what}`);
