import { writeEntry } from '../record/store';
import type { Config } from '../shared/config';
import * as z from '../shared/schema';
import { step } from '../shared/step';
import { freeNumber, isDenyOf, isFull, NetworkAclFullError } from './acl-rules';
import { forgetPlace, listBlocks, noteBlock, readBlock } from './block-store';
import { assertMayBlock, type BlockingIncident, blockingIncidentSchema } from './blocking';
import { NotVerifiedError } from './group-rules';
import { createDeny, deleteDeny, describeEntries } from './network-acl';
import { readBlockSettings } from './settings';

const input = z.object({ incident: blockingIncidentSchema });

/**
 * Denies the range in the stage's network ACL, in both directions, and verifies it. Idempotent: the number is recorded
 * first. A full ACL loses its oldest expired entry; if there is none, the block is refused.
 * @throws NetworkAclFullError
 */
export const handler = step('add-acl-entry', input, async ({ incident }, tools) => {
  const { clock, config } = tools;
  const networkAclId = readBlockSettings().BLOCK_NETWORK_ACL_ID;
  if (!networkAclId) return { verdict: 'NOT_SET_UP' };
  const { cidr } = incident.block;
  await assertMayBlock(incident, tools);
  const ruleNumber = await chooseNumber(incident, networkAclId, clock.now(), config);
  const entries = await describeEntries(networkAclId);
  for (const egress of [false, true]) {
    const isThere = entries.some(
      (entry) => entry.RuleNumber === ruleNumber && entry.Egress === egress && isDenyOf(cidr, entry),
    );
    if (!isThere) await createDeny(networkAclId, ruleNumber, cidr, egress);
  }
  const after = await describeEntries(networkAclId);
  const count = after.filter((entry) => entry.RuleNumber === ruleNumber && isDenyOf(cidr, entry)).length;
  if (count !== 2) throw new NotVerifiedError(`The network ACL has ${count} of 2 entries for ${cidr}.`);
  const what = `Denied ${cidr} in ${networkAclId}, rule ${ruleNumber}, both directions.`;
  const entry = { key: 'acl-entry-added', at: clock.now().toISOString(), what, revert: 'delete the entries' };
  await writeEntry(incident.incidentId, entry, config);
  return { verdict: 'ADDED', networkAclId, ruleNumber };
});

/** The number that an earlier attempt recorded, unless someone has taken it since; otherwise a free one, recorded now. */
async function chooseNumber(
  incident: BlockingIncident,
  networkAclId: string,
  now: Date,
  config: Config,
): Promise<number> {
  const { cidr } = incident.block;
  const known = (await readBlock(cidr, config))?.acl?.ruleNumber;
  const entries = await describeEntries(networkAclId);
  if (known !== undefined) {
    const atNumber = entries.filter(({ RuleNumber }) => RuleNumber === known);
    if (atNumber.every((entry) => isDenyOf(cidr, entry)) && (atNumber.length > 0 || !isFull(entries))) return known;
  }
  if (isFull(entries)) await evictOldestExpired(networkAclId, now, config);
  const ruleNumber = freeNumber(await describeEntries(networkAclId));
  await noteBlock({ cidr, incidentId: incident.incidentId }, { acl: { networkAclId, ruleNumber } }, config);
  return ruleNumber;
}

async function evictOldestExpired(networkAclId: string, now: Date, config: Config): Promise<void> {
  const expired = (await listBlocks(config)).filter(
    ({ until, acl }) => until <= now.toISOString() && acl?.networkAclId === networkAclId,
  );
  const oldest = expired[0];
  if (!oldest?.acl)
    throw new NetworkAclFullError('The network ACL is full, and none of the entries in it has expired.');
  await deleteDeny(networkAclId, oldest.acl.ruleNumber, oldest.cidr);
  await forgetPlace(oldest.cidr, 'acl', config);
}
