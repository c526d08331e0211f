import { hasEntry, writeEntry } from '../record/store';
import type { Config } from '../shared/config';
import * as z from '../shared/schema';
import { type StepTools, step } from '../shared/step';
import { familyOf, freeNumber, isDenyOf, isFull, NetworkAclFullError } from './acl-rules';
import { forgetPlace, listBlocks, noteBlock, readBlock } from './block-store';
import {
  addressesOf,
  type BlockingIncident,
  blockCheck,
  blockingIncidentSchema,
  entryKeyOf,
  isOfOneAddress,
} from './blocking';
import type { Address } from './blocks';
import { NotVerifiedError } from './group-rules';
import { createDeny, deleteDeny, deleteEntry, describeEntries } from './network-acl';
import { readBlockSettings } from './settings';

const input = z.object({ incident: blockingIncidentSchema });

/**
 * Denies each range in the stage's network ACL, in both directions, and verifies it. Idempotent: the number is recorded
 * first. A full ACL, by our count or by EC2's, loses its oldest expired entry of the same family; if there is none, the
 * range is refused, and nothing of it stays. Of several ranges, as many as there is room for are denied.
 * @throws NetworkAclFullError
 */
export const handler = step('add-acl-entry', input, async ({ incident }, tools) => {
  const networkAclId = readBlockSettings().BLOCK_NETWORK_ACL_ID;
  if (!networkAclId) return { verdict: 'NOT_SET_UP' };
  const addresses = addressesOf(incident);
  const check = blockCheck(incident, tools);
  const missing: { cidr: string; why: string }[] = [];
  const full = new Map<Address['family'], string>();
  let ruleNumber: number | undefined;
  let unverified: NotVerifiedError | undefined;
  let refused: Error | undefined;
  for (const { cidr, family } of addresses) {
    try {
      const why = full.get(family);
      if (why) throw new NetworkAclFullError(why);
      await check(cidr);
      ruleNumber = await deny(cidr, incident, networkAclId, tools);
    } catch (error) {
      if (error instanceof NotVerifiedError) {
        unverified = error;
        continue;
      }
      if (!isOfOneAddress(error)) throw error;
      refused ??= error;
      if (error instanceof NetworkAclFullError) full.set(family, error.message);
      missing.push({ cidr, why: error.message });
    }
  }
  // The others are done; a retry of the step looks at this one again.
  if (unverified) throw unverified;
  if (ruleNumber === undefined) throw refused ?? new NetworkAclFullError('There is nothing to deny.');
  return { verdict: 'ADDED', networkAclId, ruleNumber, ...(missing.length > 0 ? { missing } : {}) };
});

/** @returns the number of the rule */
async function deny(
  cidr: string,
  incident: BlockingIncident,
  networkAclId: string,
  { clock, config }: StepTools,
): Promise<number> {
  const key = entryKeyOf('acl-entry-added', incident, cidr);
  const done = incident.block.more && (await hasEntry(incident.incidentId, key, config));
  const known = done ? (await readBlock(cidr, config))?.acl?.ruleNumber : undefined;
  if (known !== undefined) return known;
  const ruleNumber = await chooseNumber(cidr, incident, networkAclId, clock.now(), config);
  await denyBothWays({ networkAclId, ruleNumber, cidr }, clock.now(), config);
  const after = await describeEntries(networkAclId);
  const count = after.filter((entry) => entry.RuleNumber === ruleNumber && isDenyOf(cidr, entry)).length;
  if (count !== 2) throw new NotVerifiedError(`The network ACL has ${count} of 2 entries for ${cidr}.`);
  const what = `Denied ${cidr} in ${networkAclId}, rule ${ruleNumber}, both directions.`;
  await writeEntry(
    incident.incidentId,
    { key, at: clock.now().toISOString(), what, revert: 'delete the entries' },
    config,
  );
  return ruleNumber;
}

interface Deny {
  networkAclId: string;
  ruleNumber: number;
  cidr: string;
}

/**
 * Creates what is missing. The quota may be lower than we count, or someone may have used the last place meanwhile.
 * @throws NetworkAclFullError if there is no room to make; a deny of one direction alone does not stay
 */
async function denyBothWays({ networkAclId, ruleNumber, cidr }: Deny, now: Date, config: Config): Promise<void> {
  const entries = await describeEntries(networkAclId);
  const isThere = (egress: boolean) =>
    entries.some((entry) => entry.RuleNumber === ruleNumber && entry.Egress === egress && isDenyOf(cidr, entry));
  const create = (egress: boolean) => createDeny(networkAclId, ruleNumber, cidr, egress);
  const created: boolean[] = [];
  try {
    for (const egress of [false, true].filter((way) => !isThere(way))) {
      const isNew = await orWithRoom(
        () => create(egress),
        () => evictOldestExpired(networkAclId, cidr, now, config),
      );
      if (isNew) created.push(egress);
    }
  } catch (error) {
    // A description may not show yet what was just created, so it is deleted unseen.
    if (error instanceof NetworkAclFullError) {
      for (const egress of created) await deleteEntry(networkAclId, ruleNumber, egress);
      await deleteDeny(networkAclId, ruleNumber, cidr);
    }
    throw error;
  }
}

/** Creates; if EC2 finds the ACL full, makes room and creates once more. */
async function orWithRoom(create: () => Promise<boolean>, makeRoom: () => Promise<void>): Promise<boolean> {
  try {
    return await create();
  } catch (error) {
    if (!(error instanceof Error && error.name === 'NetworkAclEntryLimitExceeded')) throw error;
    await makeRoom();
    return create();
  }
}

/** The number that an earlier attempt recorded, unless someone has taken it since; otherwise a free one, recorded now. */
async function chooseNumber(
  cidr: string,
  incident: BlockingIncident,
  networkAclId: string,
  now: Date,
  config: Config,
): Promise<number> {
  const known = (await readBlock(cidr, config))?.acl?.ruleNumber;
  const entries = await describeEntries(networkAclId);
  if (known !== undefined) {
    const atNumber = entries.filter(({ RuleNumber }) => RuleNumber === known);
    if (atNumber.every((entry) => isDenyOf(cidr, entry)) && (atNumber.length > 0 || !isFull(entries, cidr)))
      return known;
  }
  if (isFull(entries, cidr)) await evictOldestExpired(networkAclId, cidr, now, config);
  const ruleNumber = freeNumber(await describeEntries(networkAclId));
  await noteBlock({ cidr, incidentId: incident.incidentId }, { acl: { networkAclId, ruleNumber } }, config);
  return ruleNumber;
}

async function evictOldestExpired(networkAclId: string, cidr: string, now: Date, config: Config): Promise<void> {
  const expired = (await listBlocks(config)).filter(
    ({ until, family, acl }) =>
      until <= now.toISOString() && family === familyOf(cidr) && acl?.networkAclId === networkAclId,
  );
  const oldest = expired[0];
  if (!oldest?.acl)
    throw new NetworkAclFullError('The network ACL is full, and none of the entries in it has expired.');
  await deleteDeny(networkAclId, oldest.acl.ruleNumber, oldest.cidr);
  await forgetPlace(oldest.cidr, 'acl', config);
}
