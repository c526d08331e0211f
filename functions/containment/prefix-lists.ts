import {
  DescribeManagedPrefixListsCommand,
  GetManagedPrefixListEntriesCommand,
  type ManagedPrefixList,
} from '@aws-sdk/client-ec2';
import { ec2 } from '../shared/clients/ec2';
import type { OwnRange } from './block-rules';
import { pages } from './pages';

/**
 * The ranges of the managed prefix lists of AWS and of our accounts. Those of AWS are its services: Route 53 health checkers,
 * CloudFront, S3 and others. A list that somebody else shares is theirs to change, so it decides nothing here.
 * Source: VPC user guide, "AWS-managed prefix lists" (`com.amazonaws.…`, owner AWS); EC2 API reference,
 * GetManagedPrefixListEntries.
 */
export async function readPrefixLists(accounts: readonly string[]): Promise<OwnRange[]> {
  const lists = await pages(
    (NextToken) => ec2.send(new DescribeManagedPrefixListsCommand({ NextToken })),
    ({ PrefixLists }) => PrefixLists,
  );
  // A list that is being made or deleted cannot be read, and is not in use.
  const isUsed = (state = '') => !/^(create-(in-progress|failed)|delete-)/.test(state);
  const readable = lists.filter(
    ({ State, OwnerId = '' }) => isUsed(State) && (OwnerId === 'AWS' || accounts.includes(OwnerId)),
  );
  return (await Promise.all(readable.map(rangesOf))).flat();
}

async function rangesOf({ PrefixListId, PrefixListName, OwnerId }: ManagedPrefixList): Promise<OwnRange[]> {
  if (!PrefixListId) return [];
  const name = PrefixListName ?? PrefixListId;
  const isAws = OwnerId === 'AWS';
  const what = isAws ? `an AWS service (${name})` : `in the managed prefix list ${name}`;
  return (await entriesOf(PrefixListId)).map((cidr) => ({ what, cidr, ...(isAws ? { kind: 'aws' as const } : {}) }));
}

/** The CIDR blocks of a prefix list. @throws when it cannot be read: then nothing is blocked */
export async function entriesOf(PrefixListId: string): Promise<string[]> {
  const entries = await pages(
    (NextToken) => ec2.send(new GetManagedPrefixListEntriesCommand({ PrefixListId, NextToken })),
    ({ Entries }) => Entries,
  );
  return entries.flatMap(({ Cidr }) => Cidr ?? []);
}
