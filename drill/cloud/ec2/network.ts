import { serviceError } from '../errors';
import { type CommandModel, reads } from '../service';

/** A managed prefix list with its entries. */
export interface PrefixList {
  id: string;
  name: string;
  /** `AWS`, or the ID of the account that owns it. */
  owner: string;
  entries: string[];
}

/** The network around the instances, apart from its VPC; tests add to it. */
export interface Network {
  /** Outside addresses of the tunnels of VPN connections: AWS's side. */
  tunnels: string[];
  /** Addresses of customer gateways: our side. */
  customerGateways: string[];
  prefixLists: PrefixList[];
}

/** AWS's own lists are in every region. Their entries are examples: AWS changes them. */
export function newNetwork(region: string): Network {
  const list = (id: string, service: string, entries: string[]): PrefixList => ({
    ...{ id, name: `com.amazonaws.${region}.${service}`, owner: 'AWS', entries },
  });
  return {
    tunnels: [],
    customerGateways: [],
    prefixLists: [
      list('pl-63a5400a', 's3', ['52.216.0.0/15', '54.231.0.0/16']),
      list('pl-02cd2c6b', 'dynamodb', ['52.94.0.0/22']),
      list('pl-0a1b2c3d4e5f60001', 'route53-healthchecks', ['54.228.16.0/26', '15.177.0.0/18']),
    ],
  };
}

const perPage = 100;

/**
 * Commands about the network's ends and lists. A prefix list that does not exist is an error; entries come in pages of up to
 * 100, and the two VPN commands have no pages. Source: EC2 API reference; VPC user guide, "AWS-managed prefix lists";
 * Site-to-Site VPN user guide.
 */
export function networkCommands(network: Network): Record<string, CommandModel> {
  return {
    DescribeCustomerGateways: reads<object, object>(() => ({
      CustomerGateways: network.customerGateways.map((IpAddress) => ({ IpAddress, State: 'available' })),
    })),
    DescribeVpnConnections: reads<object, object>(() => ({
      VpnConnections: network.tunnels.map((OutsideIpAddress) => ({
        State: 'available',
        Options: { TunnelOptions: [{ OutsideIpAddress }] },
        VgwTelemetry: [{ OutsideIpAddress }],
      })),
    })),
    DescribeManagedPrefixLists: reads<object, object>(() => ({
      PrefixLists: network.prefixLists.map(({ id, name, owner }) => ({
        ...{ PrefixListId: id, PrefixListName: name, OwnerId: owner, State: 'create-complete' },
      })),
    })),
    GetManagedPrefixListEntries: reads<{ PrefixListId: string; NextToken?: string }, object>(
      ({ PrefixListId, NextToken = '0' }) => {
        const list = network.prefixLists.find(({ id }) => id === PrefixListId);
        if (!list)
          throw serviceError(
            'ec2',
            'InvalidPrefixListID.NotFound',
            `The prefix list ID '${PrefixListId}' does not exist`,
          );
        const end = Number(NextToken) + perPage;
        const Entries = list.entries.slice(Number(NextToken), end).map((Cidr) => ({ Cidr }));
        return { Entries, ...(end < list.entries.length ? { NextToken: String(end) } : {}) };
      },
    ),
  };
}
